"""What is read of activities."""
