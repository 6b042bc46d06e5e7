"""How channels stay connected: news that has to be asked for, tokens that end, and whether all of it still works."""
