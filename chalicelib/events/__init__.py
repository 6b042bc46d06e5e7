"""What happened in an agency, as it is told to other programs."""
