"""Palabre's code. Each area has a folder, and an area imports only from areas below it (see tests/test_budgets.py)."""
