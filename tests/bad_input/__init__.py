"""What people and programs send by mistake or on purpose, and what happens while a service is away."""
