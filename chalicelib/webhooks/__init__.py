"""Outgoing webhooks: events of an agency are posted to addresses that it chose, until they are accepted."""
