"""Sales cycles and the deals that move through them."""
