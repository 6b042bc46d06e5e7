"""Outgoing webhooks: programs are told what happens in an agency, at an address it chose, until they have taken it."""
