"""How the API explains itself: its OpenAPI document, pages about its problems, guides, and what changed."""
