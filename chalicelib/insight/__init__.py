"""What happened, and what it means: the audit, later the reports."""
