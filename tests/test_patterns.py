"""Patterns mean to our check what they mean to everybody who reads the document."""

import re

import pytest

from chalicelib import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^a$", "a\n", False),
        ("^[^\\s@]+$", "a\x85", True),
        ("^[^\\s@]+$", "a\ufeff", False),
        ("\\S", "\ufeff\u00a0", False),
        ("\\S", "\x1c", True),
        ("^\\$$", "$", True),
    ],
)
def test_space_and_the_end_are_those_of_json_schema(pattern: str, text: str, fits: bool) -> None:
    assert bool(re.search(patterns.as_pythons(pattern), text)) == fits
