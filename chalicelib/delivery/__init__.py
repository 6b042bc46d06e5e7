"""What happened, told to others: events, later by socket and webhook as well."""
