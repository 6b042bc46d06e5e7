"""Channels: the accounts of brands on networks."""
