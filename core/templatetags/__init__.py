"""Template libraries of the frame."""
