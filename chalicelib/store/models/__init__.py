"""The items, typed, a module per area. Times are ms; what is nested is JSON text, so that an attribute is one string.

Nothing here decides anything: the nouns do.
"""
