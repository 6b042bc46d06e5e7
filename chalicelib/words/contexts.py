"""How something is said: quoted, denied, kindly, at somebody, about a thing, as a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from chalicelib.words.findings import Context
from chalicelib.words.foldings import Folding
from chalicelib.words.readings import Reading

OPENING, CLOSING = '"\u00ab\u201c\u201e\u2039\u201d', '"\u00bb\u201d\u201c\u203a\u00ab'
SMILES = frozenset("\u2764\u2665\U0001f602\U0001f923\U0001f60d\U0001f970\U0001f618\U0001f605\U0001f60a\U0001f495")
LONGEST_QUOTE = 200
# In words: how far cues reach, and how many a shout has at most.
CLOSE, NEAR, FAR, FEW = 2, 4, 8, 3
AIMING, KINDNESS = {"you", "role", "bunch", "against"}, {"kind", "praise"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue by its name, and the words from `first` to `last` (not included) that give it."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds for the whole text: its words, its cues, whether it has a smile, and whether it mentions the brand."""

    folding: Folding
    readings: Sequence[Reading]
    languages: tuple[str, ...]
    cues: Sequence[Cue]
    brand: frozenset[str]
    smiles: bool
    mentioned: bool

    @classmethod
    def of(
        cls,
        folding: Folding,
        readings: Sequence[Reading],
        languages: tuple[str, ...],
        cues: Sequence[Cue],
        brand: frozenset[str],
    ) -> Self:
        """`brand` has the brand's names, folded."""
        named = "@" in folding.text or any(not brand.isdisjoint(reading.words) for reading in readings)
        return cls(folding, readings, languages, cues, brand, not SMILES.isdisjoint(folding.written), named)


def context(scene: Scene, first: int, last: int) -> Context:
    """How the words from `first` to `last` are said."""
    apart = [cue for cue in scene.cues if cue.last <= first or cue.first >= last]
    anywhere = {cue.name for cue in apart}
    near = {cue.name for cue in apart if cue.first - last <= NEAR and first - cue.last <= NEAR}
    before = {cue.name for cue in apart if 0 <= first - cue.last <= FAR}
    close = {cue.name for cue in apart if 0 <= first - cue.last <= CLOSE}
    start, end = scene.readings[first].start, scene.readings[last - 1].end
    return Context(
        aimed=not AIMING.isdisjoint(anywhere) or scene.mentioned or len(scene.readings) <= FEW,
        quoted="quoting" in near or _is_quoted(scene.folding.text, start, end),
        denied="denial" in before,
        kind=scene.smiles or not KINDNESS.isdisjoint(anywhere),
        own="own" in close,
        name="title" in close and scene.folding.written[scene.folding.places[start]].isupper(),
        thing="thing" in anywhere or scene.mentioned or "compound" in scene.readings[first].how,
    )


def _is_quoted(text: str, start: int, end: int) -> bool:
    """True if a quotation mark opens before and one closes after, both within 200 characters."""
    before, after = text[max(0, start - LONGEST_QUOTE) : start], text[end : end + LONGEST_QUOTE]
    if before.count('"') % 2 and '"' in after:
        return True
    opened = max(map(before.rfind, OPENING[1:]))
    closed = max(map(before.rfind, "\u00bb\u203a"))
    return opened > closed and any(sign in after for sign in CLOSING[1:])
