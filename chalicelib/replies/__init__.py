"""What a brand is about to say, from draft to sent."""
