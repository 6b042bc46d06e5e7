"""Accounts are connected on the networks' own consent pages: by members, and through connect links by people without a
seat.
"""
