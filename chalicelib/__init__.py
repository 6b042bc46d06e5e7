"""Palabre's code: nouns of the trade, one folder an area; imports point down only."""
