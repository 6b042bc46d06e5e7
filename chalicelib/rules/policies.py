"""Everything that a brand says about the messages of others: its line, rules and words; cached in memory.

A change takes effect within ten seconds, in every process; messages do not wait for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from chalicelib import clock, trees
from chalicelib.brands import brands, crises, settings
from chalicelib.editorial import changeovers, contents, differences, drafts, revisions, versions
from chalicelib.editorial.lines import Line
from chalicelib.rules import banned, fields, rulebooks, term_lists
from chalicelib.rules.rules import Rule
from chalicelib.words import competitors, foldings, lexicons
from chalicelib.words import term_lists as entries
from chalicelib.words.lexicons import Lexicon

KEPT_MS = 10 * clock.SECOND
MOST_KEPT = 200  # brands


@dataclass(frozen=True)
class Policy:
    """`line` is the one in force, else the draft; `names` are the brand's own, folded; `rules` are in their order.

    `banned` has the ids of contacts, each with the time (ms) at which the ban ends, or 0. `zone` is the brand's time
    zone if a rule asks for the time, else empty. `crisis` is until when (ms) the brand is in one, if a rule asks for
    that.
    """

    revision: int
    line: Line
    rules: tuple[Rule, ...]
    lexicon: Lexicon
    names: frozenset[str]
    banned: Mapping[str, int] = field(default_factory=dict)
    zone: str = ""
    crisis: int = 0

    @cached_property
    def asked(self) -> frozenset[str]:
        return frozenset().union(*(trees.fields_of(rule.when) for rule in self.rules))


_kept: dict[tuple[str, str], tuple[int, Policy]] = {}


def of(agency: str, brand: str, now: int) -> Policy:
    """The policy of the brand, not older than ten seconds."""
    checked_at, kept = _kept.get((agency, brand), (0, None))
    if kept and now - checked_at < KEPT_MS:
        return kept
    revision = revisions.number(agency, brand)
    is_same = kept is not None and kept.revision == revision
    policy = of_today(agency, brand, kept) if kept and is_same else read(agency, brand, revision)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[agency, brand] = now, policy
    return policy


def read(agency: str, brand: str, revision: int = 0) -> Policy:
    """The policy as it is now, from the table."""
    line = line_of(agency, brand)
    lists = [term_lists.terms(stored) for stored in term_lists.every(agency, brand)]
    words = [term for listed in lists for term in entries.terms_of(listed)]
    terms = lexicons.readable((*words, *competitors.terms_of(line.competitors)))
    base = lexicons.of_languages(lexicons.LANGUAGES)
    policy = Policy(
        revision,
        line,
        rulebooks.as_rules(rulebooks.load(agency, brand).rules, severities(line)),
        lexicons.extended(base, terms) if terms else base,
        own_names(line),
        banned.load(agency, brand).contacts,
    )
    return of_today(agency, brand, policy)


def of_today(agency: str, brand: str, policy: Policy) -> Policy:
    """The policy with the brand's present time zone and crisis, if a rule asks for either."""
    if not policy.asked & {*fields.OF_TIME, fields.CRISIS}:
        return policy
    item = brands.find(agency, brand)
    zone = settings.of(item.settings).time_zone if policy.asked & fields.OF_TIME else ""
    return replace(policy, zone=zone, crisis=crises.until(item))


def line_of(agency: str, brand: str) -> Line:
    """The line in force; the draft if none is published yet."""
    published = versions.in_force(agency, brand)
    return published or contents.line_of(drafts.of(agency, brand).content)


def lasting_clauses(agency: str, brand: str) -> frozenset[str]:
    """The clauses that new rules may cite: those of the line, without those that a planned version leaves out."""
    clauses = frozenset(severities(line_of(agency, brand)))
    coming = changeovers.planned_version(agency, brand)
    return clauses & differences.clause_ids(coming.content) if coming else clauses


def severities(line: Line) -> Mapping[str, int]:
    return {clause.id: clause.severity for clause in line.clauses}


def own_names(line: Line) -> frozenset[str]:
    return frozenset(foldings.entry(name) for name in (*line.own.names, *line.own.handles))
