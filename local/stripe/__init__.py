"""A double of Stripe: the parts that billing uses, strict and stateful, in the shapes of one version of its API.

Each API key has an account of its own. Time is the account's, or that of a test clock; only `server.py` reads a wall
clock, and only `server.py` is used by `local/double.py`.
"""
