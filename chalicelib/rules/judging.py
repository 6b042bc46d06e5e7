"""What the rules of a brand say about a message. Pure: the same rules and facts always give the same outcome.

Above all rules: danger to oneself and things that hurt people reach a person and are never hidden; machines hide no
more than the detector is sure of; nothing but comments is hidden; what a person decided stays; what the brand itself
says is no business of rules.
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

DANGER = 4  # a severity from which on what protects others comes before what is safest for who wrote it
CRY, HARM = "self_harm", "safety"
# What counts against who wrote a message: never done because of what a model alone found.
_AGAINST = ("strike", "propose_ban")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known: `about` the message by the names of `fields.OF_MESSAGES`, what was found, the worst first.

    `features` speak for a competitor in disguise.
    `hideable`: it is a comment of somebody else's, on a network that can hide it. `settled`: a person has decided.
    `past`: it is history, or too old to be acted upon. `banned`: who wrote it is. `own`: an account of ours wrote it.
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
    """A rule that means the message, and the finding it means; None if it asks for none."""

    rule: Rule
    finding: Finding | None

    @property
    def is_of_model(self) -> bool:
        """True if the rule would not mean the message but for what a model said."""
        return self.finding is not None and self.finding.by_model


@dataclass(frozen=True, slots=True)
class Planned:
    """An act, and the match for whose sake it is done; None for what stands above all rules."""

    act: Act
    match: Match | None

    @property
    def waits(self) -> bool:
        """True if it is to be hidden, but for the brake: a person decides."""
        return self.act.do == "hide" and self.match is not None and self.match.rule.braked


@dataclass(frozen=True, slots=True)
class Outcome:
    """All rules that mean the message, and what is to be done: by those that are live, with all conflicts settled."""

    matches: tuple[Match, ...] = ()
    acts: tuple[Planned, ...] = ()


def may_concern(rules: Sequence[Rule], facts: Facts, now: int) -> bool:
    """True if a rule means such a message, or may mean it once all is known. So does what stands above all rules."""
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
    """True if somebody speaks of harming themselves."""
    return any(finding.category == CRY for finding in facts.findings)


def tells_of_harm(facts: Facts) -> bool:
    """True if somebody tells that a thing hurt people or is about to: an injury, an illness, a fire, brakes."""
    return any(finding.category == HARM and not finding.context.denied for finding in facts.findings)


def judge(rules: Sequence[Rule], facts: Facts, now: int) -> Outcome:
    """`rules` are in the order in which they are asked. Of one there may be a live version and the next in shadow."""
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
    """True if a rule that means the message wants a model's opinion of it."""
    return any(act.do == "ask_model" for match in outcome.matches for act in match.rule.then)


def _matches(rules: Sequence[Rule], facts: Facts, now: int) -> Iterator[Match]:
    for rule in rules:
        match = _match(rule, facts) if rule.is_on(now) else None
        if match:
            yield match
            if rule.stop and rule.live and not match.is_of_model:
                return


def _match(rule: Rule, facts: Facts) -> Match | None:
    for finding in _asked(facts.findings):
        if _verdict(rule, facts, finding) == YES:
            return Match(rule, finding)
    return None


def _asked(every: Sequence[Finding]) -> Sequence[Finding | None]:
    """In which order a rule looks at what was found: what a model said counts where the rule means nothing else."""
    own: list[Finding | None] = [finding for finding in every if not finding.by_model]
    return [*(own or [None]), *(finding for finding in every if finding.by_model)]


def _verdict(rule: Rule, facts: Facts, finding: Finding | None) -> int:
    return trees.judge(rule.when, lambda leaf: fields.answer(leaf, facts.about, finding))


def _decided(acts: Sequence[Planned], facts: Facts) -> Iterator[Planned]:
    """The one act that decides whether the message stays, if any. Of who is banned a person sees all, hidden or not."""
    if facts.past:
        return
    if is_cry(facts):
        yield Planned(Act("queue"), None)
        yield Planned(Act("escalate"), None)
        return
    if facts.settled:
        return
    wanted = [_bounded(planned, facts) for planned in acts if planned.act.is_exclusive]
    chosen = _chosen(wanted) if wanted else None
    to_person = facts.banned or tells_of_harm(facts)
    if chosen and not (to_person and chosen.act.do in ("keep", "queue")):
        yield chosen
    if to_person:
        yield Planned(Act("queue", chosen.act.value if chosen and chosen.act.do == "queue" else None), None)
    if tells_of_harm(facts):
        yield Planned(Act("escalate"), None)


def _chosen(wanted: Sequence[Planned]) -> Planned:
    """The safest for who wrote it, or for others if it is grave; what a model alone found is never grave enough."""
    sure = [planned.match for planned in wanted if planned.match and not planned.match.is_of_model]
    severe = any(match.rule.severity >= DANGER for match in sure)
    rank = EXCLUSIVE[::-1] if severe else EXCLUSIVE
    return min(wanted, key=lambda planned: (rank.index(planned.act.do), planned.waits))


def _bounded(planned: Planned, facts: Facts) -> Planned:
    """The act, or a person's look at it where a machine may not do it alone, or cannot. None deletes by itself."""
    if planned.act.do == "delete":
        return Planned(Act("queue", "delete"), planned.match)
    if planned.act.do == "hide" and (tells_of_harm(facts) or not (facts.hideable and _may_hide(planned.match))):
        return Planned(Act("queue", "hide"), planned.match)
    return planned


def _may_hide(match: Match | None) -> bool:
    return match is None or match.finding is None or findings.most(match.finding) == "hide"


def _additions(acts: Sequence[Planned], facts: Facts) -> Iterator[Planned]:
    """What does not exclude each other: every label once; of strikes the heaviest; else the first of each kind."""
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
