"""How well a rule works, on past messages and by figures; and how everything that it did is taken back."""
