"""Contacts: the people whom brands talk with."""
