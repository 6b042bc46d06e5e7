"""The items of the table, with a module for each area. Times are in ms; nested values are stored as JSON text.

Models only hold data; the areas decide.
"""
