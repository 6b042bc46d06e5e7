"""Files that members upload, to be sent with replies."""
