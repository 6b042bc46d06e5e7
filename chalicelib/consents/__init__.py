"""Accounts are connected on the networks' own consent pages: by members, and by links for who has no seat."""
