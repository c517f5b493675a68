"""What activities do: plan, change, finish, move."""
