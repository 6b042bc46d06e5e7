"""The only way to call addresses that strangers choose: which may be called, and calls with limits."""
