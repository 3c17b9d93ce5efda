"""What exchanges show about the client half of a role."""
