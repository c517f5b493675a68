"""Panels and quick actions that activities put on other apps' records."""

from activities import timeline_panel

__all__ = ["timeline_panel"]
