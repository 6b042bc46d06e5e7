"""What would happen to a reply, before it is created."""
