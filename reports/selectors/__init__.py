"""Figures, each from a few statements over what the user may see."""
