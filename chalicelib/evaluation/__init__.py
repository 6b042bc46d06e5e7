"""How a rule does: on the past, by figures; and how all that it did is taken back."""
