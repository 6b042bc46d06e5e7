"""Sockets: pages that are open hear at once of what happens, and of each other."""
