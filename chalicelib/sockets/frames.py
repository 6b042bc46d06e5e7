"""The frames that open pages send. A frame is a JSON object with a word in `do`; fields that the word does not know are
refused. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import errors, strict_json
from chalicelib.api import schema

LARGEST_BYTES = 32 << 10
# Whoever sends more frames in a second, or as many unreadable ones in a minute, is cut off.
MOST_A_SECOND, MOST_UNREADABLE = 20, 4
MOST_NAMED = 200
_WORD = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
_TYPE = {"type": "string", "pattern": "^[a-z_]{1,40}([.][a-z_]{1,40})?$"}
_CONVERSATION = schema.body("ConversationFrame", ("do", "conversation"), do=_WORD, conversation=schema.id_of("cnv"))


def _some(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": item, "minItems": 1, "maxItems": MOST_NAMED}


WORDS: Mapping[str, Mapping[str, Any]] = {
    "listen": schema.body(
        "ListenFrame",
        ("do",),
        do=_WORD,
        brands=_some(schema.id_of("brd")),
        channels=_some(schema.id_of("chn")),
        types=_some(_TYPE),
        networks=_some(_WORD),
        surfaces=_some(_WORD),
        detail=schema.one_of(("full", "thin")),
        after={"type": "string", "minLength": 1, "maxLength": 2000},
    ),
    "ping": schema.body("PingFrame", ("do",), do=_WORD),
    "watch": _CONVERSATION,
    "unwatch": _CONVERSATION,
    "typing": _CONVERSATION,
    "viewing": _CONVERSATION,
    "lease": _CONVERSATION,
}


@dataclass(frozen=True)
class Frame:
    """A valid frame: its word `do`, and its other fields."""

    do: str
    about: Mapping[str, Any]


def read(text: str) -> Frame:
    """Raises Malformed unless it is a JSON object, TooLarge, and Invalid naming the first field that does not fit."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > LARGEST_BYTES:
        raise errors.TooLarge
    try:
        content = strict_json.loads(raw)
    except strict_json.Unreadable as reason:
        raise errors.Malformed(f"The frame is {reason}.") from reason
    if not isinstance(content, dict):
        raise errors.Malformed("A frame has to be a JSON object.")
    word = content.get("do")
    known = WORDS.get(word) if isinstance(word, str) else None
    if known is None:
        raise errors.Invalid(f"`do` has to be one of {', '.join(WORDS)}.", code="unknown_word", field="do")
    schema.check(known, content)
    return Frame(str(word), {name: value for name, value in content.items() if name != "do"})
