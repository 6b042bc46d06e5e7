"""Events: what happened in an agency, for other programs."""
