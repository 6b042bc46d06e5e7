"""An index in memory, of which the deployed functions know nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from chalicelib.texts.indexes import Found, Query, Time
from chalicelib.texts.lines import Line


class Memory:
    """See `texts.indexes.Index`."""

    name = "memory"

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, str], dict[str, Line]] = defaultdict(dict)

    def put(self, agency: str, shelf: str, lines: Sequence[Line]) -> None:
        kept = self._shelves[agency, shelf]
        kept |= {line.key: line for line in lines if line.key not in kept or kept[line.key].version < line.version}

    def remove(self, agency: str, shelf: str, keys: Iterable[str]) -> None:
        for key in keys:
            self._shelves[agency, shelf].pop(key, None)

    def erase(self, agency: str, contact: str) -> int:
        count = 0
        for (whose, _), kept in self._shelves.items():
            theirs = [line for line in kept.values() if whose == agency and line.author == contact]
            kept |= {line.key: line.blank for line in theirs}
            count += len(theirs)
        return count

    def find(self, agency: str, shelf: str, query: Query, before: str, most: int, time: Time) -> Found:
        lines = self._shelves[agency, shelf].values()
        keys = sorted((line.key for line in lines if line.key < before and query.finds(line)), reverse=True)
        return Found(keys[:most], keys[most - 1] if len(keys) > most else None)

    def replace(self, agency: str, shelf: str, portions: Iterable[Sequence[Line]]) -> None:
        self._shelves[agency, shelf] = {line.key: line for lines in portions for line in lines}

    def every(self, agency: str, shelf: str) -> Iterable[Line]:
        return list(self._shelves[agency, shelf].values())
