"""Replies of a brand, from draft to sent."""
