"""The kernel: everything every app stands on; no CRM word in it."""
