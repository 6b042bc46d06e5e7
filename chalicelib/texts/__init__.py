"""Full-text search: messages and contacts, found by their words."""
