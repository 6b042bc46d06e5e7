"""Who is who: agencies, their brands, the brands' channels, and the members who work there."""
