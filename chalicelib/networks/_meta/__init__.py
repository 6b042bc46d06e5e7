"""What Meta's networks share. This folder is no network of its own."""
