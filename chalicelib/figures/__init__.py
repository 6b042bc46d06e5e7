"""Figures: facts from the table's stream, added up by the hour, and shown as usage."""
