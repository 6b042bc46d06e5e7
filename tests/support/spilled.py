"""What nobody may read in a log, in the audit or in an event: looked for at the end of a run, in all that was written.

Keys, secrets that sign, pages that let in whoever has the address, cards, VAT ids, and the tokens of channels.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from chalicelib.store import keys, shortcuts
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


def note(platform: Platform, stored: Iterable[Mapping[str, Sequence[Any]]]) -> None:
    """Notes what can be read in the logs and in these items, by what their sort key begins with, and should not."""
    logged = list(_logs(platform))
    assert logged  # else nothing would be looked at, and nothing found
    for place, text in chain(logged, _items(stored)):
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
    logs.meta.events.register("before-parse.logs.FilterLogEvents", shortcuts.as_it_came)
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


def _items(stored: Iterable[Mapping[str, Sequence[Any]]]) -> Iterator[tuple[str, str]]:
    for items in stored:
        for entry in items.get(keys.ENTRIES.strip("#"), ()):
            yield f"the audit's {entry['action']['S']}", json.dumps(entry)
        for segment in map(_segment, items.get(keys.LOG.strip("#"), ())):
            yield from ((f"an event {values[1]}", json.dumps(values)) for values in segment.events)


def _segment(item: Mapping[str, Any]) -> StoredSegment:
    return StoredSegment.from_raw_data(item)


def faults(lines: Collection[str], whole: bool) -> list[str]:
    return sorted(lines)
