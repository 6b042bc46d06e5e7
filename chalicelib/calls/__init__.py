"""Calls: what was asked of the API to change something, and what came of it."""
