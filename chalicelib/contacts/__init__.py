"""Contacts: the people with whom brands talk."""
