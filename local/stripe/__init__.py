"""A double of Stripe: the parts that billing uses, strict and stateful, in the shapes of one version of its API.

Each API key has an account of its own. Time is the account's, or that of a test clock; nothing here reads a wall clock
but `server.py`, which is also all that `local/double.py` knows.
"""
