"""How well a rule works, counted over the decisions in which it matched. Pure, except for `of_rule`, which reads them.

A match is right if people agree: they hid the message, or decided its case that way. The share has a Wilson interval,
as a few cases prove little.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from math import sqrt
from statistics import median_low
from typing import Any

from chalicelib import clock, ids
from chalicelib.evaluation import verdicts
from chalicelib.evaluation.stretches import Stretch
from chalicelib.moderation import cases, decisions
from chalicelib.moderation.decisions import RULES
from chalicelib.rules import samples
from chalicelib.store import keys, table
from chalicelib.store.models.moderation import Case, Decision

Json = Mapping[str, Any]
MOST_EXAMINED = 5_000
STATES = ("planned", "done", "refused", "undone")
APPEALS = ("open", "upheld", "overturned")
_Z = 1.96  # 95 of 100 intervals have the true share in them
_CASES_AT_ONCE = 100


@dataclass
class Figures:
    """The figures of one version: `verdicts` are what people said of its messages, True for a right match; `waited` is
    in ms.
    """

    live: int = 0
    shadow: int = 0
    acts: dict[str, Counter[str]] = field(default_factory=dict)
    open: int = 0
    as_proposed: int = 0
    otherwise: int = 0
    appeals: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    agreed: int = 0
    verdicts: list[bool] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)

    def view(self, version: int) -> Json:
        right = sum(self.verdicts)
        acts = [{"do": do, **{state: counted[state] for state in STATES}} for do, counted in sorted(self.acts.items())]
        return {
            "version": version,
            "live": self.live,
            "shadow": self.shadow,
            "acts": acts,
            "cases": {"open": self.open, "as_proposed": self.as_proposed, "otherwise": self.otherwise},
            "appeals": {state: self.appeals[state] for state in APPEALS},
            "right": right,
            "wrong": len(self.verdicts) - right,
            "judged_twice": {"samples": self.twice, "agreed": self.agreed},
            "precision": precision(right, len(self.verdicts)) if self.verdicts else None,
            "seconds_to_act": median_low(self.waited) // clock.SECOND if self.waited else None,
        }


def precision(right: int, all: int) -> Json:
    """The share of right matches, and its interval by Wilson's score."""
    share, weight = right / all, _Z * _Z / all
    middle = (share + weight / 2) / (1 + weight)
    half = _Z * sqrt(share * (1 - share) / all + weight / all / 4) / (1 + weight)
    return {"share": round(share, 4), "low": round(max(0, middle - half), 4), "high": round(min(1, middle + half), 4)}


def of_rule(agency: str, brand: str, rule: str, asked: Stretch, now: int) -> Json:
    """The figures of the rule by version, the newest first, from the decisions in that stretch."""
    examined = list(islice(_within(agency, brand, asked), MOST_EXAMINED))
    meant = [decision for decision in examined if decision.by == RULES and _match(decision, rule)]
    hidden_by_people = {decision.message for decision in examined if verdicts.is_persons_removal(decision)}
    figures = counted(rule, meant, _cases(meant), hidden_by_people)
    return {
        "rule": rule,
        "since": clock.text(asked.since),
        "until": clock.text(now if asked.until is None else asked.until),
        "partial": len(examined) == MOST_EXAMINED,
        "versions": [figures[version].view(version) for version in sorted(figures, reverse=True)],
    }


def _within(agency: str, brand: str, asked: Stretch) -> Iterator[Decision]:
    before = "" if asked.until is None else keys.activity(asked.until, "")
    return takewhile(lambda decision: decision.at >= asked.since, decisions.listing(agency, brand, before))


def _match(decision: Decision, rule: str) -> Json | None:
    return next((match for match in decision.matches if match["rule"] == rule), None)


def _cases(meant: Iterable[Decision]) -> list[Case]:
    wanted = [
        decision
        for decision in meant
        if any(act["do"] in ("queue", "escalate", "hide") or act["code"] for act in decision.acts)
    ]
    places = [(decision.pk, key) for decision in wanted for key in _case_keys(decision)]
    portions = (places[at : at + _CASES_AT_ONCE] for at in range(0, len(places), _CASES_AT_ONCE))
    return [case for portion in portions for case in table.many(Case, portion)]


def _case_keys(decision: Decision) -> Iterator[str]:
    """The key of its case and, if the sample is drawn for it, that of the case for a second judgement."""
    yield keys.CASES + (case := cases.id_of(decision))
    if samples.is_drawn(case, samples.SECOND_PERCENT):
        yield keys.CASES + cases.second_id(decision)


def counted(
    rule: str, meant: Iterable[Decision], own_cases: Collection[Case], hidden_by_people: set[str]
) -> dict[int, Figures]:
    """The figures by version of the rule. `meant` are decisions of rules in which it matched."""
    by_decision = {case.decision: case for case in own_cases if not cases.is_second(case)}
    again = {case.decision: case for case in own_cases if cases.is_second(case)}
    every: dict[int, Figures] = {}
    for decision in meant:
        for match in (match for match in decision.matches if match["rule"] == rule):
            figures = every.setdefault(match["version"], Figures())
            first = by_decision.get(decision.id)
            _count(figures, match, decision, first, decision.message in hidden_by_people)
            _compare(figures, first, again.get(decision.id))
    return every


def _count(figures: Figures, match: Json, decision: Decision, case: Case | None, is_hidden: bool) -> None:
    figures.live += match["live"]
    figures.shadow += not match["live"]
    own = [act for act in decision.acts if (act["rule"], act["version"]) == (match["rule"], match["version"])]
    for act in own:
        figures.acts.setdefault(act["do"], Counter())[act["state"]] += 1
    if any(act["do"] == "hide" and act["state"] in ("done", "undone") for act in own):
        figures.waited.append(max(0, decision.at - ids.at(ids.order_key(decision.message))))
    if own and decision.appeal:
        figures.appeals[decision.appeal["state"]] += 1
    if case and own and cases.SAMPLE not in case.why:
        _count_case(figures, case)
    said = verdict(decision, case, is_hidden=is_hidden)
    if said is not None:
        figures.verdicts.append(said)


def _compare(figures: Figures, first: Case | None, second: Case | None) -> None:
    if first and second and first.outcome and second.outcome:
        figures.twice += 1
        figures.agreed += verdicts.is_against(first) == verdicts.is_against(second)


def _count_case(figures: Figures, case: Case) -> None:
    if case.state == "open":
        figures.open += 1
    elif case.outcome:
        is_so = case.proposed in case.outcome["acts"] if case.proposed else verdicts.is_against(case)
        figures.as_proposed += is_so
        figures.otherwise += not is_so


def verdict(decision: Decision, case: Case | None, *, is_hidden: bool) -> bool | None:
    """What people said of the match: True if it was right; None if they said nothing."""
    appeal = decision.appeal["state"] if decision.appeal else ""
    if decision.state == "undone" or appeal == "overturned":
        return False
    if appeal == "upheld":
        return True
    if case and case.outcome:
        return verdicts.is_against(case)
    return True if is_hidden else None
