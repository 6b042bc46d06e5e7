"""Events: what happened in an agency, for screens and other programs to read."""
