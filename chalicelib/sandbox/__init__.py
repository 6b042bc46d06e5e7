"""What is played on sandbox brands: events as they come from networks, and conditions of channels."""
