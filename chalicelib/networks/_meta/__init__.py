"""What Meta's networks share. It is no network of its own."""
