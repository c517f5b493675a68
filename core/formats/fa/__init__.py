"""Formats of Persian."""
