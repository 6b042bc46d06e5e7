"""Patterns of JSON Schema, whose language differs from Python's in small things."""

import re

# No control characters, and none that change the direction in which text is read.
PLAIN = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"
LINES = PLAIN.replace("\\u0000-\\u001f", "\\u0000-\\u0008\\u000b-\\u001f")
NOT_BLANK = "\\S"
DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"  # which is no day only if its month is shorter
# What JSON Schema takes for space; Python's has other characters besides, and not all of these.
_SPACE = "\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"


def as_pythons(pattern: str) -> str:
    """The pattern in Python's syntax, where `$` would also match before a last newline, and the class of spaces
    differs.
    """
    spaces = pattern.replace("\\s", _SPACE).replace("\\S", f"[^{_SPACE}]")
    return re.sub(r"(?<!\\)\$", r"\\Z", spaces)


# What is wrong with a text that does not match, by the pattern in Python's syntax.
FAULTS = {
    as_pythons(NOT_BLANK): "The text is blank.",
    as_pythons(PLAIN): "The text has a line break or another control character.",
    as_pythons(LINES): "The text has a control character.",
}
