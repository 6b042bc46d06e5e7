"""Apps that others make, through which members work."""
