"""What is played on brands that are sandboxes: events as they come from networks, and conditions of channels."""
