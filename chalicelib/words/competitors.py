"""Competitors in disguise: how likely it is that a text promotes one under a mask.

To name a competitor is a customer's right and gives one point. What makes a person look is a mask: a disguised name, an
account named after a competitor, the same words from many accounts. Each point has its name and its evidence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.words import foldings, links, looks
from chalicelib.words.contexts import Scene
from chalicelib.words.disguises import LEET
from chalicelib.words.findings import Span
from chalicelib.words.lexicons import Lexicon
from chalicelib.words.looks import Hit
from chalicelib.words.terms import Term

CATEGORY = "competitor"
QUEUED, HIDEABLE, MASK = 3, 6, 3  # points; a feature with as many as a mask is one
SHORTEST_EDITED, LONGEST_EDITED = 6, 24  # letters of a name of which one may be wrong
PLAIN = str.maketrans({digit: letters[0] for digit, letters in LEET.items()} | {"-": None})


@dataclass(frozen=True, slots=True)
class Competitor:
    """`ambiguous` if the name is also an ordinary word: then it says nothing by itself."""

    id: str
    name: str
    others: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """The brand's own names, accounts and domains, as they are written."""

    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """What is known about the author: since how many days, with how many messages. An unknown author is neither new nor
    known.
    """

    handle: str = ""
    days: int | None = None
    messages: int | None = None

    @property
    def is_new(self) -> bool:
        """True for an author of less than seven days with at most three messages."""
        return self.days is not None and self.days < 7 and (self.messages or 0) <= 3

    @property
    def is_known(self) -> bool:
        """True for an author of more than thirty days with more than three messages."""
        return (self.days or 0) > 30 and (self.messages or 0) > 3


@dataclass(frozen=True, slots=True)
class Same:
    """How many accounts, and under how many brands, said the same within so many minutes."""

    accounts: int = 0
    brands: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Feature:
    """A reason by its name, its points, where it is in the text and which competitor or name it refers to."""

    name: str
    points: int
    spans: tuple[Span, ...] = ()
    means: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The reasons to think that somebody praises a competitor in disguise, and how much they weigh."""

    features: tuple[Feature, ...]

    @property
    def points(self) -> int:
        return sum(feature.points for feature in self.features)

    @property
    def most(self) -> str:
        """`queue` if a person should look: at a mask, or at somebody new who names a competitor and calls on people to
        leave.
        """
        names = {feature.name for feature in self.features}
        masked = any(feature.points >= MASK for feature in self.features) and self.points >= QUEUED
        return "queue" if masked or {"named", "call", "new"} <= names else "nothing"

    @property
    def may_be_hidden(self) -> bool:
        return self.most == "queue" and self.points >= HIDEABLE


def terms_of(competitors: Sequence[Competitor]) -> tuple[Term, ...]:
    """The competitors' names as terms, for the lexicon by which texts are scored."""
    return tuple(
        Term(
            competitor.id,
            _spellings(competitor),
            CATEGORY,
            0,
            "vague" if competitor.ambiguous else "clear",
            origin="line",
        )
        for competitor in competitors
    )


def score(
    text: str,
    competitors: tuple[Competitor, ...],
    lexicon: Lexicon,
    *,
    own: Own,
    author: Author,
    same: Same,
) -> Score:
    """The reasons to think that the text promotes a competitor. The lexicon must contain their names (`terms_of`)."""
    scene, met = looks.scene_and_hits(text, lexicon, brand=frozenset(map(foldings.entry, own.names)))
    features = [
        *_names(scene, met),
        *_edited(scene, competitors, own),
        *_domains(scene, competitors, own),
        *_handle(author, competitors, own),
        *_calls(scene),
        *_counts(author, same),
    ]
    asks = "?" in text and scene.mentioned and any(feature.name == "named" for feature in features)
    if author.is_known or asks:
        features.append(Feature("known" if author.is_known else "question", -2))
    first: dict[str, Feature] = {}
    for feature in features:
        first.setdefault(feature.name, feature)
    return Score(tuple(first.values()))


def _names(scene: Scene, met: Sequence[Hit]) -> Iterator[Feature]:
    """Names of competitors: written plainly, which counts little, or disguised, which counts much."""
    for hit in (hit for hit in met if hit.term.category == CATEGORY):
        part = scene.readings[hit.first : hit.last]
        where = looks.span(scene.folding, part[0].start, part[-1].end)
        hidden = foldings.steps(where.text) or any(set(reading.how) - {"hashtag", "handle"} for reading in part)
        if hidden:
            yield Feature("disguised_name", MASK, (where,), hit.term.lemma)
        elif hit.term.certainty != "vague":
            yield Feature("named", 1, (where,), hit.term.lemma)


def _edited(scene: Scene, competitors: tuple[Competitor, ...], own: Own) -> Iterator[Feature]:
    """A long name of a competitor with one letter added, missing or changed."""
    near = _neighbours(competitors)
    right = {*_names_of(competitors), *map(squashed, (*own.names, *own.handles))}
    for reading in scene.readings:
        word = reading.words[0]
        if word in right or not SHORTEST_EDITED - 1 <= len(word) <= LONGEST_EDITED:
            continue
        if name := next((near[form] for form in (word, *_shortened(word)) if form in near), None):
            yield Feature("disguised_name", MASK, (looks.span(scene.folding, reading.start, reading.end),), name)


def _domains(scene: Scene, competitors: tuple[Competitor, ...], own: Own) -> Iterator[Feature]:
    """Domains of competitors, plain or disguised; any domain that is not ours counts as a link."""
    theirs = {_bare(domain): competitor.id for competitor in competitors for domain in competitor.domains}
    written = {links.readable(domain) for competitor in competitors for domain in competitor.domains}
    ours = {_folded(domain) for domain in own.domains}
    for domain in links.domains(scene.folding):
        where = (looks.span(scene.folding, domain.start, domain.end),)
        name = domain.name.removeprefix("www.")
        if meant := theirs.get(_bare(name)):
            plain = links.readable(where[0].text.partition("/")[0]).removeprefix("www.") in written
            yield Feature("domain", 1, where, meant) if plain else Feature("disguised_domain", MASK, where, meant)
        if _folded(name) not in ours:
            yield Feature("link", 1, where, domain.name)


def _handle(author: Author, competitors: tuple[Competitor, ...], own: Own) -> Iterator[Feature]:
    """An account that is named after a competitor, or pretends to be the brand's."""
    handle = squashed(author.handle).translate(PLAIN)
    if not handle or author.handle.lower() in {name.lower() for name in own.handles}:
        return
    meant = [competitor.id for competitor in competitors if not competitor.ambiguous and _is_in(handle, competitor)]
    for id in meant or _edited_handle(handle, competitors):
        yield Feature("handle", MASK, (), id)
    if any(name in handle for name in map(squashed, own.handles) if name):
        yield Feature("impersonation", MASK, (), author.handle)


def _is_in(handle: str, competitor: Competitor) -> bool:
    return any(name in handle for name in map(squashed, (competitor.name, *competitor.handles)) if name)


def _edited_handle(handle: str, competitors: tuple[Competitor, ...]) -> list[str]:
    """The competitor whose long name the handle is, with one letter added, missing or changed. At most one."""
    near, unclear = _neighbours(competitors), {competitor.id for competitor in competitors if competitor.ambiguous}
    forms = (handle, *_shortened(handle)) if SHORTEST_EDITED - 1 <= len(handle) <= LONGEST_EDITED else ()
    return [near[form] for form in forms if form in near and near[form] not in unclear][:1]


def resembles(handle: str, competitors: tuple[Competitor, ...], own: Own) -> tuple[str, ...]:
    """Whose account the handle looks like: `competitor`, `own`. An account of the brand itself resembles nobody."""
    features = (feature.name for feature in _handle(Author(handle), competitors, own))
    return tuple(dict.fromkeys("own" if name == "impersonation" else "competitor" for name in features))


def _calls(scene: Scene) -> Iterator[Feature]:
    for cue in (cue for cue in scene.cues if cue.name == "leave"):
        start, end = scene.readings[cue.first].start, scene.readings[cue.last - 1].end
        yield Feature("call", 1, (looks.span(scene.folding, start, end),))


def _counts(author: Author, same: Same) -> Iterator[Feature]:
    if author.is_new:
        yield Feature("new", 1)
    if same.accounts >= 3 and same.minutes <= 60:
        yield Feature("same_words", MASK)
    if same.brands >= 3:
        yield Feature("same_words_elsewhere", 2)


def _spellings(competitor: Competitor) -> tuple[str, ...]:
    """The competitor's names, split into words and also written together as one word."""
    names = [foldings.entry(name) for name in (competitor.name, *competitor.others, *competitor.handles)]
    return tuple(dict.fromkeys(form for name in names if name for form in (name.replace("_", " "), squashed(name))))


def squashed(name: str) -> str:
    """A name as names are compared: its letters and digits, folded."""
    return "".join(filter(str.isalnum, foldings.entry(name)))


def _folded(domain: str) -> str:
    return foldings.fold(links.readable(domain)).text


def _bare(domain: str) -> str:
    """A domain without what makes it look like another: hyphens, digits for letters."""
    folded = _folded(domain)
    name, _, ending = folded.removeprefix("www.").rpartition(".")
    return f"{name.translate(PLAIN)}.{ending}"


def _names_of(competitors: tuple[Competitor, ...]) -> dict[str, str]:
    """The id of the competitor for each name, written as one word."""
    return {
        squashed(name): competitor.id for competitor in competitors for name in (competitor.name, *competitor.others)
    }


@lru_cache(maxsize=200)
def _neighbours(competitors: tuple[Competitor, ...]) -> dict[str, str]:
    """The competitor for each long name, and for each form of it with one letter left out: two names that differ in one
    letter share such a form.
    """
    long = {name: id for name, id in _names_of(competitors).items() if len(name) >= SHORTEST_EDITED}
    return {form: id for name, id in long.items() for form in (*_shortened(name), name)}


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))
