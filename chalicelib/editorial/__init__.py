"""A brand's editorial line: what may be said in its space and in its name, and whether a text follows it. Pure."""
