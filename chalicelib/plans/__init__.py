"""What an agency may have and do for what it pays: plans, its subscription, what it has in use."""
