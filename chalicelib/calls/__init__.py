"""Calls: requests to the API that change something, and what came of them."""
