"""What the networks that are Google's have in common."""
