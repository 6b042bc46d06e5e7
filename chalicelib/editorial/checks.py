"""Whether a text of the brand follows the line: before it is submitted, when it is approved, when it is sent."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.editorial.forms import other_forms
from chalicelib.editorial.lines import BRAND, Line
from chalicelib.words import competitors, foldings, lexicons, links, looks, term_lists
from chalicelib.words.contexts import Scene
from chalicelib.words.findings import Finding, Span
from chalicelib.words.lexicons import Lexicon
from chalicelib.words.looks import Hit
from chalicelib.words.term_lists import TermList
from chalicelib.words.terms import Term

# The consequence: the text is sent with a remark, needs an approval, or is refused.
WARN, APPROVAL, BLOCK = "warn", "approval", "block"
LEVELS = {1: WARN, 2: APPROVAL, 3: BLOCK, 4: BLOCK}
WORD, CLAIM = "forbidden_word", "forbidden_claim"
RUDE = {"insult", "hate", "profanity", "threat"}
LOUD_LETTERS, LOUD_SHARE = 12, 0.7
JOINER = "\u200d"
HASHTAG = re.compile(r"#\w+")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that breaks the line: its code and level, the clause, the words as written, a better way."""

    code: str
    level: str
    clause: str | None = None
    span: Span | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where a text of the brand is to go: to the public or to one person, in answer to which language, for what
    purpose.
    """

    public: bool = True
    language: str | None = None
    purposes: frozenset[str] = frozenset()


def check(text: str, line: Line, occasion: Occasion) -> tuple[Remark, ...]:
    """All that the line has against the text, the gravest first. Never raises, whatever the text."""
    scene, met = looks.scene_and_hits(text, lexicon(line))
    remarks = [
        *_rude(text, line, occasion),
        *_entries(line, scene, met),
        *_links(line, scene),
        *_address(line, scene),
        *_hashtags(line, scene),
        *_language(line, scene, occasion),
        *_form(text, line, occasion),
    ]
    order = (BLOCK, APPROVAL, WARN)
    return tuple(sorted(remarks, key=lambda remark: order.index(remark.level)))


@lru_cache(maxsize=200)
def _terms(line: Line) -> tuple[Term, ...]:
    """The line's forbidden words and claims, as terms. A term's lemma is what to say instead, or the clause."""
    voice = line.voice
    words = [(WORD, word.words, word.say) for word in voice.forbidden_words]
    claims = [(CLAIM, claim.words, claim.clause) for claim in voice.forbidden_claims]
    lists = [(TermList("line", entries, category=category), lemma) for category, entries, lemma in (*words, *claims)]
    forbidden = (
        Term(lemma, term.patterns, term.category, origin="line")
        for entries, lemma in lists
        for term in term_lists.terms_of(entries)
    )
    return lexicons.readable((*forbidden, *competitors.terms_of(line.competitors)))


def lexicon(line: Line) -> Lexicon:
    """The words of all languages, and those that the line forbids."""
    return lexicons.joined(lexicons.LANGUAGES, _terms(line))


def _rude(text: str, line: Line, occasion: Occasion) -> Iterator[Remark]:
    """Rude words, and personal data in a public text."""
    for finding in looks.look(text, lexicons.joined(lexicons.LANGUAGES)).findings:
        clause = line.covering(finding.category, BRAND)
        cited, span = clause.id if clause else None, finding.spans[0]
        if finding.category in RUDE and _is_meant(finding):
            grave = finding.certainty in {"clear", "slur"} and finding.severity >= 2
            yield Remark(finding.category, BLOCK if grave else APPROVAL, cited, span)
        elif finding.category == "personal_data" and occasion.public:
            yield Remark("personal_data", BLOCK if finding.certainty == "clear" else APPROVAL, cited, span)


def _is_meant(finding: Finding) -> bool:
    """False for words that are an insult only when aimed at somebody, and for names."""
    return not finding.context.name and finding.certainty in {"clear", "slur", "oath"}


def _entries(line: Line, scene: Scene, met: list[Hit]) -> Iterator[Remark]:
    for hit in (hit for hit in met if hit.term.origin == "line"):
        where = looks.span(scene.folding, scene.readings[hit.first].start, scene.readings[hit.last - 1].end)
        if hit.term.category == WORD:
            yield Remark(WORD, WARN, None, where, hit.term.lemma)
        elif hit.term.category == CLAIM:
            clause = line.clause(hit.term.lemma)
            yield Remark(CLAIM, LEVELS.get(clause.severity if clause else 3, BLOCK), hit.term.lemma, where)
        elif hit.term.certainty != "vague":
            yield Remark("competitor", APPROVAL, None, where)


def _links(line: Line, scene: Scene) -> Iterator[Remark]:
    """A link to a domain that is neither the brand's nor listed in the line; a domain covers its subdomains. Without
    listed links nothing is checked.
    """
    known = {domain.lower() for domain in (*line.voice.links, *line.own.domains)}
    for domain in links.domains(scene.folding) if line.voice.links else ():
        if not any(domain.name == name or domain.name.endswith(f".{name}") for name in known):
            yield Remark("link", APPROVAL, None, looks.span(scene.folding, domain.start, domain.end))


def _address(line: Line, scene: Scene) -> Iterator[Remark]:
    """Somebody is addressed in another form than the line says, if the text's language is certain."""
    for language in scene.languages if len(scene.languages) == 1 else ():
        wanted = next((address.form for address in line.voice.address if address.language == language), "")
        wrong = other_forms(language, wanted)
        for reading in scene.readings:
            if wrong(scene.folding, reading):
                yield Remark("address", WARN, None, looks.span(scene.folding, reading.start, reading.end), wanted)
                return


def _hashtags(line: Line, scene: Scene) -> Iterator[Remark]:
    never = {foldings.entry(tag).lstrip("#") for tag in line.voice.hashtags_never}
    for hit in HASHTAG.finditer(scene.folding.text):
        if hit.group()[1:] in never:
            yield Remark("hashtag", WARN, None, looks.span(scene.folding, hit.start(), hit.end()))


def _language(line: Line, scene: Scene, occasion: Occasion) -> Iterator[Remark]:
    """Checks only if the text's language is certain."""
    if len(scene.languages) != 1:
        return
    [language] = scene.languages
    if line.voice.languages and language not in line.voice.languages:
        yield Remark("language", WARN, suggestion=line.voice.languages[0])
    elif occasion.language and occasion.language != language and _is_spoken(line, occasion.language):
        yield Remark("language", WARN, suggestion=occasion.language)


def _is_spoken(line: Line, language: str) -> bool:
    return not line.voice.languages or language in line.voice.languages


def _form(text: str, line: Line, occasion: Occasion) -> Iterator[Remark]:
    """What the text lacks that the line requires, and what it has too much of."""
    voice = line.voice
    if voice.signature and not _is_signed(text, voice.signature):
        yield Remark("signature", WARN, suggestion=voice.signature)
    for required in voice.required:
        if required.when in occasion.purposes and required.text.casefold() not in text.casefold():
            yield Remark("required", APPROVAL, suggestion=required.text)
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= LOUD_LETTERS and sum(map(str.isupper, letters)) >= LOUD_SHARE * len(letters):
        yield Remark("shouting", WARN)
    if voice.emoji_most is not None and pictures(text) > voice.emoji_most:
        yield Remark("emoji", WARN)


def _is_signed(text: str, signature: str) -> bool:
    """True if the text ends with the signature, with one to sixty characters in place of each placeholder."""
    parts = map(re.escape, PLACEHOLDER.split(signature))
    return re.search("[^\\n]{1,60}?".join(parts) + r"\s*$", text[-1000:]) is not None


def pictures(text: str) -> int:
    """How many pictures are in the text. A family that is joined to one picture counts once, as does a flag of two
    letters.
    """
    flags = sum("\U0001f1e6" <= character <= "\U0001f1ff" for character in text)
    shown = [place for place, character in enumerate(text) if unicodedata.category(character) == "So"]
    joined = sum(place > 0 and text[place - 1] == JOINER for place in shown)
    return len(shown) - joined - flags + (flags + 1) // 2
