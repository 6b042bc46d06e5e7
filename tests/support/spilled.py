"""What nobody may read in a log, in the audit or in an event: looked for at the end of a run, in all that was written.

Keys, secrets that sign, pages that let in whoever has the address, cards, VAT ids, and the tokens of channels.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib.store import keys
from chalicelib.store.models.events import StoredSegment
from local.cloud import Platform
from local.double import doubles

_TOKENS = [str(double.CONNECTION["credentials"]["token"]) for double in doubles().values()]
SECRETS: Mapping[str, str] = {
    "a key of Stripe's": r"\b[rs]k_(?:test|live)_\w+",
    "what Stripe signs with": r"\bwhsec_\w+",
    "a page of Stripe's": r"\b(?:checkout|invoice|billing)\.stripe\.com/\w+/\w+",
    "a card's number": r"(?<![\w-])(?:4\d{3}|5[1-5]\d{2})(?:[ -]?\d{4}){3}(?![\w-])",
    "a VAT id": r"\b(?:DE\d{9}|FR\d{11}|IT\d{11}|ATU\d{8})\b",
    "a channel's token": "|".join(re.escape(token).replace(r"\{n\}", r"\d+") for token in _TOKENS),
}
_PATTERNS = {what: re.compile(pattern) for what, pattern in SECRETS.items()}
noted: set[str] = set()


def note(platform: Platform) -> None:
    """Notes what can be read there and should not."""
    for place, text in (*_logs(platform), *_items(platform)):
        noted.update(f"{what} is in {place}" for what in kinds(text))


def kinds(text: str) -> Iterator[str]:
    """Of which kinds of secrets one is in the text."""
    return (what for what, pattern in _PATTERNS.items() if any(map(_is_one, pattern.finditer(text))))


def _is_one(match: re.Match[str]) -> bool:
    """A card's number ends with the digit that follows from the others; other digits are no card's."""
    digits = [int(sign) for sign in match[0] if sign.isdecimal()][::-1]
    is_card = match.re is _PATTERNS["a card's number"]
    return not is_card or sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _logs(platform: Platform) -> Iterator[tuple[str, str]]:
    logs = platform.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        for line in _lines(logs, group["logGroupName"]):
            yield f"the log {group['logGroupName']}: {_shape(line)}", line


def _lines(logs: Any, group: str) -> Iterator[str]:
    """The emulator gives the first 10,000 from a time on, and no token for the next."""
    start = 0
    while events := logs.filter_log_events(logGroupName=group, startTime=start)["events"]:
        yield from (event["message"] for event in events)
        start = events[-1]["timestamp"] + 1


def _shape(line: str) -> str:
    """What the line is, without what it says."""
    try:
        said = json.loads(line)
    except ValueError:
        return "a line that is no JSON"
    return f"the line {said.get('message')!r}" if isinstance(said, dict) else "a line of JSON"


def _items(platform: Platform) -> Iterator[tuple[str, str]]:
    pages = platform.client("dynamodb").get_paginator("scan").paginate(TableName=platform.outputs["Table"])
    for page in pages:
        for item in page["Items"]:
            if item["sk"]["S"].startswith(keys.ENTRIES):
                yield f"the audit's {item['action']['S']}", json.dumps(item)
            if item["sk"]["S"].startswith(keys.LOG):
                yield from ((f"an event {values[1]}", json.dumps(values)) for values in _segment(item).events)


def _segment(item: Mapping[str, Any]) -> StoredSegment:
    return StoredSegment.from_raw_data(item)


def faults(lines: Collection[str], whole: bool) -> list[str]:
    return sorted(lines)
