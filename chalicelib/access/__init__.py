"""Authentication, permissions, and the audit of what was done."""
