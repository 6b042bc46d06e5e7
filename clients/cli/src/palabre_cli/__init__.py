"""Palabre on the command line."""
