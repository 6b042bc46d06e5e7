"""Jobs: work too long for one request, done in portions, with progress; it can be cancelled."""
