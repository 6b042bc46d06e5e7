"""The ids of what exists in an agency, so that requests are about existing things."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

ID = re.compile(r"[a-z]{3}_[0-9a-z]{1,60}")
# What each address is about, by the word that begins it; other words are about what they list.
KINDS: Mapping[str, str] = {
    "api-keys": "key", "apps": "app", "approved-apps": "app", "brands": "brd", "canned-replies": "can",
    "cases": "cas", "channels": "chn", "contacts": "ctc", "conversations": "cnv", "decisions": "dec",
    "invitations": "inv", "jobs": "job", "members": "mbr", "messages": "msg", "replies": "rpl", "roles": "rol",
    "rules": "rul", "sign-in-domains": "dom", "teams": "tem", "term-lists": "trm", "uploads": "upl", "views": "viw",
    "templates": "tpl", "webhook-endpoints": "whk",
}  # fmt: skip
# What lists have in the place of an id.
NAMED = {"attributes": "name", "versions": "version", "networks": "key", "requests": "request", "schemas": "type"}
# Of which list a field or parameter has a word.
WORDS = {"network": "networks", "networks": "networks", "events": "schemas"}
LEANT_ON = ("brd", "chn", "mbr")  # of which so many are never taken away, as all else is of them
KEPT = 2
MOST = 40


class Things:
    """Ids by kind, which is their three-letter prefix, or by the word of their path; the newest come last.

    Fields in `examples` get their example in half of all cases, because generated values would seldom succeed.
    """

    def __init__(self, chance: Random, examples: Mapping[str, Any] | None = None) -> None:
        self._chance, self._examples = chance, examples or {}
        self._ids: dict[str, list[str]] = defaultdict(list)

    def learn(self, word: str, answer: Any) -> None:
        """Stores the ids in an answer of a path with that word: of what was shown, made or listed."""
        items = answer.get("items", [answer]) if isinstance(answer, Mapping) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, Mapping) and (id := item.get(NAMED.get(word, "id"))):
                is_ours = isinstance(id, str) and ID.fullmatch(id)
                self.add(id[:3] if is_ours else word, str(id))

    def add(self, kind: str, id: str) -> None:
        ids = self._ids[kind]
        if id not in ids:
            ids.append(id)
            del ids[KEPT:-MOST]

    def has(self, word: str) -> bool:
        return bool(self._ids[KINDS.get(word, word)])

    def at(self, word: str) -> str:
        """An id for a path with that word; one that does not exist if none is known."""
        return self._pick(self._ids[KINDS.get(word, word)]) or self.unknown(word)

    def unknown(self, word: str) -> str:
        """An id that does not exist."""
        return f"{KINDS.get(word, 'not')}_{'0' * 26}"

    def taken(self, word: str) -> str:
        """An id of a thing that may be deleted; it is not given again."""
        kind = KINDS.get(word, word)
        kept = KEPT if kind in LEANT_ON else 0
        return self._ids[kind].pop() if len(self._ids[kind]) > kept else self.at(word)

    def put(self, value: Any, name: str = "") -> Any:
        """The value with known ids and words instead of made-up ones, none twice in a list."""
        if isinstance(value, str):
            kind = WORDS.get(name) or (value[:3] if ID.fullmatch(value) else "")
            return self._pick(self._ids[kind]) or value
        if isinstance(value, list):
            parts = [self.put(part, name) for part in value]
            is_changed = parts != value and all(isinstance(part, str) for part in parts)
            return list(dict.fromkeys(parts)) if is_changed else parts
        if not isinstance(value, dict):
            return value
        shown = {name: self._examples.get(name) for name in value}
        fit = {
            name: part for name, part in shown.items() if type(part) is type(value[name]) and self._chance.randrange(2)
        }
        return {name: self.put(part, name) for name, part in {**value, **fit}.items()}

    def _pick(self, ids: Sequence[str]) -> str:
        return self._chance.choice(ids) if ids else ""
