"""The accounts of brands on networks."""
