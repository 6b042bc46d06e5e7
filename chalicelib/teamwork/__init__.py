"""Who works on which conversation, and by when."""
