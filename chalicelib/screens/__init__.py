"""Everything that one screen of a client needs, in one call: items together with what belongs to them."""
