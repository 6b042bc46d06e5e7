"""What is wrong with a line that is to be published."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from chalicelib.editorial.lines import Clause, Line
from chalicelib.words import competitors, foldings, lexicons, links, looks, term_lists
from chalicelib.words.lexicons import Lexicon
from chalicelib.words.term_lists import TermList

MOST_CLAUSES, MOST_COMPETITORS = 100, 200
ID = re.compile(r"[a-z][a-z0-9_.]{0,59}")
DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}(?:[a-z]{2,24}|xn--[a-z0-9-]{1,59})")


@dataclass(frozen=True, slots=True)
class Fault:
    """The path of a field of the line, and a code that says what is wrong."""

    field: str
    code: str


def faults(line: Line, retired: Collection[str] = (), languages: tuple[str, ...] = lexicons.LANGUAGES) -> list[Fault]:
    """Everything that prevents publishing. `retired` are ids of clauses of earlier versions, which must not be used
    again.
    """
    return [
        *_sizes(line),
        *_ids(line, retired),
        *_examples(line, lexicons.joined(languages)),
        *_words(line),
        *_names(line),
        *_domains(line),
        *_escalation(line),
    ]


def _sizes(line: Line) -> Iterator[Fault]:
    if len(line.clauses) > MOST_CLAUSES:
        yield Fault("clauses", "too_many")
    if len(line.competitors) > MOST_COMPETITORS:
        yield Fault("competitors", "too_many")


def _ids(line: Line, retired: Collection[str]) -> Iterator[Fault]:
    counts = Counter(clause.id for clause in line.clauses)
    for place, clause in enumerate(line.clauses):
        if not ID.fullmatch(clause.id):
            yield Fault(f"clauses.{place}.id", "cannot_be_read")
        elif counts[clause.id] > 1:
            yield Fault(f"clauses.{place}.id", "twice")
        elif clause.id in retired:
            yield Fault(f"clauses.{place}.id", "used_before")
    for place, claim in enumerate(line.voice.forbidden_claims):
        if not counts[claim.clause]:
            yield Fault(f"voice.forbidden_claims.{place}.clause", "unknown_clause")


def _escalation(line: Line) -> Iterator[Fault]:
    counts = Counter(escalation.category for escalation in line.escalation)
    for place, escalation in enumerate(line.escalation):
        if counts[escalation.category] > 1:
            yield Fault(f"escalation.{place}.category", "twice")


def _examples(line: Line, lexicon: Lexicon) -> Iterator[Fault]:
    """A clause that the detector watches needs an example that the detector finds, and no counter-example that it
    finds.
    """
    for place, clause in enumerate(line.clauses):
        if clause.found_by == "people" or not clause.covers:
            continue
        if not any(_breaks(clause, text, lexicon) for text in clause.examples):
            yield Fault(f"clauses.{place}.examples", "not_found")
        for number, text in enumerate(clause.counter_examples):
            if _breaks(clause, text, lexicon):
                yield Fault(f"clauses.{place}.counter_examples.{number}", "found")


def _breaks(clause: Clause, text: str, lexicon: Lexicon) -> bool:
    return any(finding.category in clause.covers for finding in looks.look(text, lexicon).findings)


def _words(line: Line) -> Iterator[Fault]:
    """Words that cannot be looked for, and those of the brand's own name."""
    own = frozenset(map(foldings.entry, line.own.names))
    words = [("words", word.words) for word in line.voice.forbidden_words]
    claims = [("claims", claim.words) for claim in line.voice.forbidden_claims]
    for listed in (words, claims):
        for place, (name, entries) in enumerate(listed):
            for fault in term_lists.faults(TermList("", entries), own):
                yield Fault(f"voice.forbidden_{name}.{place}.words.{fault.place}", fault.code)


def _names(line: Line) -> Iterator[Fault]:
    """A name of no letters, one that is the brand's own, and one that two competitors have."""
    ours = {competitors.squashed(name) for name in (*line.own.names, *line.own.handles)}
    owners: dict[str, str] = {}
    for place, competitor in enumerate(line.competitors):
        for name in (competitor.name, *competitor.others, *competitor.handles):
            squashed = competitors.squashed(name)
            if not squashed:
                yield Fault(f"competitors.{place}", "empty_name")
            elif squashed in ours:
                yield Fault(f"competitors.{place}", "own_name")
            elif owners.setdefault(squashed, competitor.id) != competitor.id:
                yield Fault(f"competitors.{place}", "name_of_another")


def ambiguous(line: Line) -> list[Fault]:
    """The competitors that have an everyday word as a name, while the line does not call them ambiguous."""
    unsaid = ((place, competitor) for place, competitor in enumerate(line.competitors) if not competitor.ambiguous)
    return [
        Fault(f"competitors.{place}", "ambiguous")
        for place, competitor in unsaid
        if any(term_lists.is_everyday(name.strip("*")) for name in (competitor.name, *competitor.others))
    ]


def _domains(line: Line) -> Iterator[Fault]:
    ours = {links.readable(domain) for domain in line.own.domains}
    for place, competitor in enumerate(line.competitors):
        for domain in competitor.domains:
            if not DOMAIN.fullmatch(links.wired(domain)):
                yield Fault(f"competitors.{place}.domains", "cannot_be_read")
            elif links.readable(domain) in ours:
                yield Fault(f"competitors.{place}.domains", "own_domain")
