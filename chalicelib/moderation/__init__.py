"""What is done about messages in the name of a brand's line, by rules and by people, and how it is taken back."""
