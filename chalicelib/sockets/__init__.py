"""Sockets: open pages learn at once what happens in their agency, and what other open pages do."""
