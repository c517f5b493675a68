"""Filters of the lists of messages."""
