"""Every party the company knows: organisations, persons, contacts and their relations."""
