"""The only way out to addresses that strangers choose: what may be called, and calling it in bounds."""
