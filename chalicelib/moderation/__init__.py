"""What rules and people do about messages in the name of a brand's line, and how it is taken back."""
