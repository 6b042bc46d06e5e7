"""Client brands, their settings, hours and rules for replies."""
