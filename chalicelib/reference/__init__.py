"""How the API explains itself: its document, pages of its problems, guides, what changed."""
