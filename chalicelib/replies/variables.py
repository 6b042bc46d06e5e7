"""Variables of canned replies: `{{contact.first_name}}`, or with a fallback `{{contact.first_name|there}}`. Pure.

Rendering never fails: a variable without a value stays in the text and is reported. Values that are filled in are not
rendered again.
"""

import re
from collections.abc import Iterator, Mapping

NAMES = ("contact.name", "contact.first_name", "contact.username", "brand.name", "member.name")
ATTRIBUTE = "conversation."
_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_OURS = re.compile(rf"{'|'.join(map(re.escape, NAMES))}|{re.escape(ATTRIBUTE)}[a-z][a-z0-9_]{{0,49}}")


def names(text: str) -> Iterator[str]:
    """Every name between double braces, whether or not it is a variable of ours."""
    return (_read(match)[0] for match in _PLACEHOLDER.finditer(text))


def has_unfilled(text: str) -> bool:
    """True if a variable of ours is in the text. People may write anything else between braces."""
    return any(_OURS.fullmatch(name) for name in names(text))


def render(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The text with its variables filled in, and the names of those without a value or a fallback."""
    missing: dict[str, None] = {}

    def fill(match: re.Match[str]) -> str:
        name, fallback = _read(match)
        value = values.get(name) or fallback
        if value is None:
            missing[name] = None
        return match[0] if value is None else value

    return _PLACEHOLDER.sub(fill, text), list(missing)


def _read(match: re.Match[str]) -> tuple[str, str | None]:
    name, bar, fallback = match[1].partition("|")
    return name.strip(), fallback if bar else None
