"""What is counted: facts that the table's stream tells, added up by the hour, and shown as usage."""
