"""First pages and figures."""
