"""Texts: what was said, and who said it, found by the words in it."""
