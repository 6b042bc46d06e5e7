"""What Google's networks share."""
