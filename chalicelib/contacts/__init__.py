"""The people behind network identities."""
