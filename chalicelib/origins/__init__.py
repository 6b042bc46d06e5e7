"""Publications that comments hang on, as their networks tell them."""
