"""What the rules of a brand say about a message. Pure: the same rules and facts always give the same outcome.

Some things stand above all rules: cries for help and reports of harm reach a person and are never hidden; machines hide
only what the detector is sure of, and only comments; what a person decided stays; messages of the brand itself are not
judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import trees
from chalicelib.rules import fields
from chalicelib.rules.rules import EXCLUSIVE, Act, Rule
from chalicelib.trees import NO, YES
from chalicelib.words import findings
from chalicelib.words.competitors import Feature
from chalicelib.words.findings import Finding

DANGER = 4  # from this severity on, protecting others comes before what is safest for the author
CRY, HARM = "self_harm", "safety"
# Acts against the author of a message: never done because of a model's opinion alone.
_AGAINST = ("strike", "propose_ban")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known: `about` the message by the names of `fields.OF_MESSAGES`, and the findings, the worst first.

    `features` are signs of a competitor in disguise. `hideable`: it is somebody else's comment, on a network that can
    hide it. `settled`: a person has decided. `past`: it is history, or too old to be acted on. `banned`: its author is
    banned. `own`: it was written by an account of the agency.
    """

    about: Mapping[str, Any]
    findings: Sequence[Finding] = ()
    features: Sequence[Feature] = ()
    hideable: bool = True
    settled: bool = False
    past: bool = False
    banned: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches the message, and the finding that makes it match; None if the rule asks for none."""

    rule: Rule
    finding: Finding | None

    @property
    def is_of_model(self) -> bool:
        """True if only the opinion of a model makes the rule match."""
        return self.finding is not None and self.finding.by_model


@dataclass(frozen=True, slots=True)
class Planned:
    """An act, and the match that wants it; None for an act that stands above all rules."""

    act: Act
    match: Match | None

    @property
    def waits(self) -> bool:
        """True if the message would be hidden, but the rule is braked: a person decides."""
        return self.act.do == "hide" and self.match is not None and self.match.rule.braked


@dataclass(frozen=True, slots=True)
class Outcome:
    """All rules that match the message, and what is to be done: by the live ones, with all conflicts resolved."""

    matches: tuple[Match, ...] = ()
    acts: tuple[Planned, ...] = ()


def may_concern(rules: Sequence[Rule], facts: Facts, now: int) -> bool:
    """True if a rule matches the message or may match once everything is known, or if something above all rules
    applies.
    """
    if facts.own:
        return False
    if facts.banned or is_cry(facts) or tells_of_harm(facts):
        return True
    return any(
        _verdict(rule, facts, finding) != NO
        for rule in rules
        if rule.is_on(now)
        for finding in facts.findings or (None,)
    )


def is_cry(facts: Facts) -> bool:
    """True if the author speaks of harming themselves."""
    return any(finding.category == CRY for finding in facts.findings)


def tells_of_harm(facts: Facts) -> bool:
    """True if the author reports that a thing hurt people or is about to: an injury, an illness, a fire, brakes."""
    return any(finding.category == HARM and not finding.context.denied for finding in facts.findings)


def judge(rules: Sequence[Rule], facts: Facts, now: int) -> Outcome:
    """`rules` are in the order in which they are asked. They may have both the live version of a rule and the next in
    shadow.
    """
    if facts.own:
        return Outcome()
    matches = tuple(_matches(rules, facts, now))
    acts = [
        Planned(act, match)
        for match in matches
        for act in match.rule.then
        if match.rule.live or (match.rule.braked and act.is_exclusive)
        if not (match.is_of_model and act.do in _AGAINST)
    ]
    return Outcome(matches, (*_decided(acts, facts), *_additions(acts, facts)))


def asks_model(outcome: Outcome) -> bool:
    return any(act.do == "ask_model" for match in outcome.matches for act in match.rule.then)


def _matches(rules: Sequence[Rule], facts: Facts, now: int) -> Iterator[Match]:
    for rule in rules:
        match = _match(rule, facts) if rule.is_on(now) else None
        if match:
            yield match
            if rule.stop and rule.live and not match.is_of_model:
                return


def _match(rule: Rule, facts: Facts) -> Match | None:
    for finding in _findings_in_order(facts.findings):
        if _verdict(rule, facts, finding) == YES:
            return Match(rule, finding)
    return None


def _findings_in_order(every: Sequence[Finding]) -> Sequence[Finding | None]:
    """The findings in the order in which a rule looks at them. A model's findings come last, so that they count only if
    no other makes the rule match.
    """
    own: list[Finding | None] = [finding for finding in every if not finding.by_model]
    return [*(own or [None]), *(finding for finding in every if finding.by_model)]


def _verdict(rule: Rule, facts: Facts, finding: Finding | None) -> int:
    return trees.judge(rule.when, lambda leaf: fields.answer(leaf, facts.about, finding))


def _decided(acts: Sequence[Planned], facts: Facts) -> Iterator[Planned]:
    """The act that decides whether the message stays, if any, and what stands above all rules. A person sees all
    messages of a banned author, hidden or not.
    """
    if facts.past:
        return
    if is_cry(facts):
        yield Planned(Act("queue"), None)
        yield Planned(Act("escalate"), None)
        return
    if facts.settled:
        return
    wanted = [_bounded(planned, facts) for planned in acts if planned.act.is_exclusive]
    chosen = _safest(wanted) if wanted else None
    to_person = facts.banned or tells_of_harm(facts)
    if chosen and not (to_person and chosen.act.do in ("keep", "queue")):
        yield chosen
    if to_person:
        yield Planned(Act("queue", chosen.act.value if chosen and chosen.act.do == "queue" else None), None)
    if tells_of_harm(facts):
        yield Planned(Act("escalate"), None)


def _safest(wanted: Sequence[Planned]) -> Planned:
    """The act that is safest for the author or, if a sure match is of a grave clause, safest for others. A match that
    rests on a model alone never counts as grave.
    """
    sure = [planned.match for planned in wanted if planned.match and not planned.match.is_of_model]
    severe = any(match.rule.severity >= DANGER for match in sure)
    rank = EXCLUSIVE[::-1] if severe else EXCLUSIVE
    return min(wanted, key=lambda planned: (rank.index(planned.act.do), planned.waits))


def _bounded(planned: Planned, facts: Facts) -> Planned:
    """The act; or a case for a person where a machine may not do it alone, or cannot. No machine deletes."""
    if planned.act.do == "delete":
        return Planned(Act("queue", "delete"), planned.match)
    if planned.act.do == "hide" and (tells_of_harm(facts) or not (facts.hideable and _may_hide(planned.match))):
        return Planned(Act("queue", "hide"), planned.match)
    return planned


def _may_hide(match: Match | None) -> bool:
    return match is None or match.finding is None or findings.most(match.finding) == "hide"


def _additions(acts: Sequence[Planned], facts: Facts) -> Iterator[Planned]:
    """The acts that do not exclude each other: every label once; the heaviest strike; else the first of each kind."""
    labels: dict[str, Planned] = {}
    others: dict[str, Planned] = {}
    for planned in (planned for planned in acts if not planned.act.is_exclusive):
        do, value = planned.act.do, planned.act.value
        if do == "label":
            labels.setdefault(value, planned)
        elif facts.past:
            continue
        elif do == "strike" and do in others:
            others[do] = max(others[do], planned, key=lambda strike: int(strike.act.value))
        else:
            others.setdefault(do, planned)
    yield from labels.values()
    yield from others.values()
