"""Jobs: work too long for one request, done portion by portion, with progress, and stopped by whoever asked for it."""
