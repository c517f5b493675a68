"""SQL that migrations run: functions the database needs, with the tables their Python twins share."""
