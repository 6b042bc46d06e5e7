"""The HTTP edge: finds out who calls, checks permission and input, calls the operation, and answers."""
