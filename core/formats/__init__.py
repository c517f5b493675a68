"""Formats Django uses where no filter of ours is asked (admin, localised widgets)."""
