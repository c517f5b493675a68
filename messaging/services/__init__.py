"""What is done with messages: queue, send, resend."""
