"""Client brands, their settings, opening hours and rules for replies."""
