"""Channels: one interface, one adapter per provider."""
