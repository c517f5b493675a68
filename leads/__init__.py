"""People and companies that showed interest."""
