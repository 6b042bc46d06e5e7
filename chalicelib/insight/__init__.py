"""The audit: sealed, proved and read."""
