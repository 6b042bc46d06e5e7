"""How channels stay connected: polling for news, renewing tokens, and checking that all of it still works."""
