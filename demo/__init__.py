"""Sample data: a believable Iranian company, made and removed in one action."""
