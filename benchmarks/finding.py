"""What it takes to find words in the blocks of the bucket, but for fetching them: of a thousand and a million texts.

The messages are made up: words by Zipf's law, a hundred characters, 6 % Chinese, 4 % Arabic, of a hundred brands, of
which the last ones are small.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from random import Random
from statistics import quantiles

from benchmarks import figure
from benchmarks.figure import Figure
from benchmarks.lists import cpu_ms
from chalicelib import ids
from chalicelib.texts import blocks, foldings
from chalicelib.texts.blocks import Block
from chalicelib.texts.indexes import AFTER_ALL, Query, within
from chalicelib.texts.lines import MESSAGES, MOMENT, Line
from chalicelib.texts.segments import Sizes, Walk
from chalicelib.texts.shelves import Place, Shelved

FEW, MANY, PAGE, ROUNDS = 1_000, 1_000_000, 25, 20
START = 1_700_000_000_000
SYLLABLES = ("ré", "ta", "von", "mi", "sül", "ka", "po", "ñe", "ber", "lo", "çi", "dan")
VOCABULARY = [a + b + c for c in ("", *SYLLABLES) for a in SYLLABLES for b in SYLLABLES]
CHINESE, ARABIC = "我的订单在哪里还没有收到请问什么时候发货谢谢你们", "أين طلبي لم يصل بعد شكرا متى الشحن"
BRANDS = [f"brd_{number:022d}" for number in range(100)]
# Half as much again as the prototype took, on the wall's clock.
MOST_BYTES, MOST_BUILD_SECONDS, MOST_COLD_MS, MOST_OF_FEW_MS = 129, 35, 1_125, 1.5
QUERIES: Mapping[str, tuple[Callable[[int], Query], float]] = {
    "a common word": (lambda n: Query(_word(n)), 0.3),
    "a rare word": (lambda n: Query(_word(1_500 + 10 * n)), 12),
    "two words": (lambda n: Query((*_word(20 + n), *_word(30 + n))), 27),
    "the beginning of a word": (lambda n: Query((_word(300 + n)[0][:-1],)), 7.5),
    "a word of a small brand": (lambda n: Query(_word(40 + n), frozenset({BRANDS[-1 - n]})), 215),
    "what an author wrote": (lambda n: Query(_word(n), author=_author(4_000 + n)), 126),
    "two Chinese characters": (lambda n: Query((CHINESE[n : n + 2],)), 120),
}
NOTHING, MOST_BESIDE_BARE = [f"zanzibar{n}" for n in range(ROUNDS)], 1.3


def figures() -> list[Figure]:
    """Built, then searched with all blocks inflated, and once with none."""
    some = _Shelf(FEW, Sizes().small)
    every = _Shelf(MANY, Sizes().large)
    slowest = max(some.p95(make(0)) for make, _ in QUERIES.values())
    cold = cpu_ms(lambda: every.find(Query(("zanzibar",)), cold=True))
    build = every.build_ms / 1_000
    nothing, bare = every.p95(*(Query((word,)) for word in NOTHING)), every.bare_p95(NOTHING)
    in_vain = f"CPU to find nothing in {MANY:,} messages, p95 / bytes.find over all that they say"
    return [
        figure.limit(f"a message in the index of {MANY:,}", every.size / MANY, MOST_BYTES, "B"),
        figure.limit(f"CPU to fold and pack {MANY:,} messages", build, MOST_BUILD_SECONDS, "s"),
        figure.limit(f"CPU to find nothing in {MANY:,} messages, none inflated", cold, MOST_COLD_MS, "ms"),
        figure.limit(f"CPU of the slowest search of {FEW:,} messages, p95", slowest, MOST_OF_FEW_MS, "ms"),
        *(
            figure.limit(
                f"CPU to find {name} in {MANY:,} messages, p95", every.p95(*map(make, range(ROUNDS))), most, "ms"
            )
            for name, (make, most) in QUERIES.items()
        ),
        figure.ratio(in_vain, nothing, bare, MOST_BESIDE_BARE),
    ]  # fmt: skip


class _Shelf:
    """So many messages in blocks of that size."""

    def __init__(self, number: int, size: int) -> None:
        texts, chance = _texts(Random(7)), Random(8)
        self.build_ms, self._contents, places = 0.0, list[bytes](), list[Place]()
        for start in range(0, number, size):
            lines = list(_lines(start, islice(texts, size), chance))[::-1]
            self.build_ms += cpu_ms(partial(self._pack, lines))
            places.append(Place(str(len(places)), len(lines), lines[0].key[:MOMENT], lines[-1].key[:MOMENT]))
        self.size = sum(map(len, self._contents))
        self._shelved = Shelved("agc_1", MESSAGES, 1, places)
        self._warm = [Block(content) for content in self._contents]

    def _pack(self, lines: Sequence[Line]) -> None:
        self._contents.append(blocks.packed([replace(line, text=foldings.fold(line.text)) for line in lines]))

    def p95(self, *queries: Query) -> float:
        """Of all rounds of all queries, after one that inflates what it looks at."""
        for query in queries:
            self.find(query)
        return _p95_of([partial(self.find, query) for query in queries])

    def bare_p95(self, words: Sequence[str]) -> float:
        """What no search can be without: each byte of the texts is looked at."""
        texts = [b"\n".join(line.text.encode() for line in block.lines()) for block in self._warm]

        def scan(word: bytes) -> None:
            for text in texts:
                text.find(word)

        return _p95_of([partial(scan, word.encode()) for word in words])

    def find(self, query: Query, *, cold: bool = False) -> Sequence[str]:
        def load(shelved: Shelved, place: Place) -> Block:
            number = int(place.name)
            return Block(self._contents[number]) if cold else self._warm[number]

        return Walk(self._shelved, query, AFTER_ALL, load).find(PAGE, within(600)).keys


def _p95_of(works: Sequence[Callable[[], object]]) -> float:
    return quantiles([cpu_ms(work) for work in works for _ in range(ROUNDS)], n=20)[-1]


def _lines(start: int, texts: Iterable[str], chance: Random) -> Iterator[Line]:
    """Not folded yet."""
    for at, text in enumerate(texts, start):
        key = f"{ids.moment(START + 1_000 * at)}{ids.moment(at)}{chance.getrandbits(64):016x}{at % 30_000:020d}"
        brand = BRANDS[min(99, int(chance.paretovariate(0.5)) - 1)]
        yield Line(key, brand, "example", _author(int(5_000 * chance.random())), 1, text)


def _author(number: int) -> str:
    return f"ctc_{number:020d}"


def _texts(chance: Random) -> Iterator[str]:
    total, weights = 0.0, list[float]()
    for rank in range(1, len(VOCABULARY) + 1):
        total += 1 / rank
        weights.append(total)
    while True:
        kind = chance.random()
        if kind < 0.06:
            start = chance.randrange(len(CHINESE) - 10)
            yield CHINESE[start : start + 10] * 2
        elif kind < 0.1:
            yield " ".join(chance.choices(ARABIC.split(), k=14))
        else:
            yield " ".join(chance.choices(VOCABULARY, cum_weights=weights, k=chance.randint(8, 24)))


def _word(rank: int) -> tuple[str, ...]:
    return (foldings.fold(VOCABULARY[rank]),)
