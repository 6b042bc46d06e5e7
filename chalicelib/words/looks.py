"""A look at a text: it is folded, read word by word, compared with the lexicon, and judged in its context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from chalicelib.words import contexts, findings, foldings, languages, links, personal_data, readings
from chalicelib.words.contexts import Cue, Scene
from chalicelib.words.findings import Finding, Span, Verdict
from chalicelib.words.foldings import Folding
from chalicelib.words.lexicons import Lexicon
from chalicelib.words.phrases import Phrase, end
from chalicelib.words.readings import Reading
from chalicelib.words.terms import ALLOWED, CUE, Term

LONGEST = 80  # characters of an account's name
MOST_HITS = 40  # the worst hits of a text get their context examined; more would say nothing new
GENTLE = {"quoting", "denial"}
# Two cues in one text, and what they are together.
TOGETHER = (
    (("gain", "channel"), "scam", 3),
    (("prize", "secret"), "scam", 3),
    (("prize", "link"), "scam", 3),
    (("support", "secret"), "scam", 3),
    (("offer", "link"), "spam", 2),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term, and the words from `first` to `last` (not included) in which it was found."""

    term: Term
    first: int
    last: int


def look(
    text: str,
    lexicon: Lexicon,
    *,
    language: str | None = None,
    brand: frozenset[str] = frozenset(),
    handle: bool = False,
) -> Verdict:
    """What is in the text. `language` is the network's statement, `brand` the brand's own names, folded.

    With `handle` the text is an account's name, in which no finding is sure. Never raises, and its time grows only with
    the text's length.
    """
    scene, met = scene_and_hits(text, lexicon, language=language, brand=brand, handle=handle)
    words = [_finding(scene, hit) for hit in _worst_hits(met)]
    if handle:
        words = [replace(finding, sure=False) for finding in words]
    domains = list(links.domains(scene.folding))
    others = [*_together(scene, domains), *_private(scene)]
    names = dict.fromkeys(domain.name for domain in domains)
    return Verdict(_worst([*words, *others]), scene.languages, tuple(names)[: findings.MOST])


def scene_and_hits(
    text: str,
    lexicon: Lexicon,
    *,
    language: str | None = None,
    brand: frozenset[str] = frozenset(),
    handle: bool = False,
) -> tuple[Scene, list[Hit]]:
    """The text as it is read, and every entry found in it, including cues and allowed words."""
    folding = foldings.fold(text)
    read = readings.read(folding, lexicon, handle)
    spoken = languages.spoken(read, lexicon, language)
    met = list(_hits(folding, read, lexicon, spoken))
    met += _gentle(folding, read, lexicon, spoken, met)
    cues = [Cue(hit.term.lemma, hit.first, hit.last) for hit in met if hit.term.category == CUE]
    return contexts.Scene.of(folding, read, spoken, cues, brand), met


def span(folding: Folding, start: int, stop: int) -> Span:
    """A stretch of the folded text, as it was written."""
    begin, beyond = folding.span(start, stop)
    written = folding.written[begin:beyond]
    wide = sum(character > "\uffff" for character in folding.written[:begin])
    return Span(begin, beyond - begin, begin + wide, written)


def _hits(folding: Folding, read: Sequence[Reading], lexicon: Lexicon, spoken: Sequence[str]) -> Iterator[Hit]:
    """Every term that is found, including cues."""
    words = [reading.words for reading in read]
    for at, choices in enumerate(words):
        for word in choices:
            for number, last in _terms_at(word, words, at, lexicon):
                written = folding.as_written(read[at].start, read[at].end)
                if languages.applies(word, written, lexicon.terms[number], spoken, lexicon):
                    yield Hit(lexicon.terms[number], at, last)


def _gentle(
    folding: Folding, read: Sequence[Reading], lexicon: Lexicon, spoken: Sequence[str], met: Sequence[Hit]
) -> list[Hit]:
    """Cues that somebody only quotes or denies, in the languages of terms that are none of the text's languages.

    A short text may be taken for another language: "he called me a ..." has words of Spanish.
    """
    foreign = {hit.term.language for hit in met if hit.term.category not in {CUE, ALLOWED}} - {"any", *spoken}
    if not foreign:
        return []
    return [
        hit
        for hit in _hits(folding, read, lexicon, tuple(sorted(foreign)))
        if hit.term.category == CUE and hit.term.lemma in GENTLE
    ]


def _worst_hits(met: Sequence[Hit]) -> list[Hit]:
    """The worst hits, without cues, and without those inside an allowed phrase."""
    allowed = [(hit.first, hit.last) for hit in met if hit.term.category == ALLOWED]
    terms = (hit for hit in met if hit.term.category not in {CUE, ALLOWED})
    worst = sorted(terms, key=lambda hit: hit.term.severity, reverse=True)
    said = (hit for hit in worst if not any(first <= hit.first and hit.last <= last for first, last in allowed))
    return list(islice(said, MOST_HITS))


def _terms_at(word: str, words: Sequence[Sequence[str]], at: int, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """The terms that begin with this word, each with the index after its last word."""
    yield from ((number, at + 1) for number in lexicon.words.get(word, ()))
    yield from _phrases_at(lexicon.phrases.get(word, ()), words, at)
    if lexicon.heads or lexicon.tails:
        for length in range(1, min(len(word), 60) + 1):
            yield from _phrases_at(lexicon.heads.get(word[:length], ()), words, at)
            yield from _phrases_at(lexicon.tails.get(word[-length:], ()), words, at)


def _phrases_at(phrases: Sequence[Phrase], words: Sequence[Sequence[str]], at: int) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        if phrase.may_begin(words, at) and (last := end(phrase.elements, words, at)) is not None:
            yield phrase.term, last


def _finding(scene: Scene, hit: Hit) -> Finding:
    part = scene.readings[hit.first : hit.last]
    where = span(scene.folding, part[0].start, part[-1].end)
    return Finding(
        hit.term.category,
        hit.term.severity,
        hit.term.certainty,
        (where,),
        hit.term.lemma,
        tuple(dict.fromkeys((*foldings.steps(where.text), *(step for reading in part for step in reading.how)))),
        hit.term.origin,
        hit.term.language,
        all(reading.sure and ("handle" not in reading.how or _is_about_us(scene, reading)) for reading in part),
        contexts.context(scene, hit.first, hit.last),
    )


def _is_about_us(scene: Scene, handle: Reading) -> bool:
    """True if the mentioned account has the brand's name in it; in any other, the word is just somebody's name."""
    text = scene.folding.text
    begun = max(0, text.rfind("@", 0, handle.start + 1))
    mention = "".join(filter(str.isalnum, text[begun : handle.end + LONGEST].split(maxsplit=1)[0]))
    return any(name in mention for name in scene.brand)


def _together(scene: Scene, domains: Sequence[links.Domain]) -> Iterator[Finding]:
    """Fraud and advertising: no single word of them is bad, but two kinds of cues together are."""
    read = scene.readings
    where = {cue.name: (read[cue.first].start, read[cue.last - 1].end) for cue in reversed(scene.cues)}
    if domains:
        where["link"] = domains[0].start, domains[0].end
    for names, category, severity in TOGETHER:
        if all(name in where for name in names):
            spans = tuple(span(scene.folding, *where[name]) for name in names)
            yield Finding(category, severity, "clear", spans, " + ".join(names))


def _private(scene: Scene) -> Iterator[Finding]:
    orders = [scene.readings[cue.last - 1].end for cue in scene.cues if cue.name == "order"]
    for datum in personal_data.data(scene.folding, orders):
        where = span(scene.folding, datum.start, datum.end)
        yield Finding("personal_data", datum.severity, datum.certainty, (where,), datum.name)


def _worst(every: Sequence[Finding]) -> tuple[Finding, ...]:
    """The worst findings, each stretch of text at most once for each category."""
    ranked = sorted(
        every, key=lambda finding: (findings.ACTS.index(findings.most(finding)), finding.severity), reverse=True
    )
    kept: list[Finding] = []
    for finding in ranked:
        if len(kept) < findings.MOST and not any(_within(finding, other) for other in kept):
            kept.append(finding)
    return tuple(kept)


def _within(finding: Finding, other: Finding) -> bool:
    """True if the other finding is of the same category and covers the same places."""
    return finding.category == other.category and all(
        any(cover.at <= span.at and span.at + span.length <= cover.at + cover.length for cover in other.spans)
        for span in finding.spans
    )
