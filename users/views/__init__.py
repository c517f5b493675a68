"""Pages of the users app: own preferences, people, rights, the organisation."""
