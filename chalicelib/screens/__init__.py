"""What one screen of a client needs, in one call: things with what belongs to them."""
