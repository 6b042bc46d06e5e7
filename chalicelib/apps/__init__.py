"""Outside apps, through which members work."""
