"""The rules that a brand begins with, were they live: what the detector is sure of is hidden, and nothing else."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.editorial import contents, starters
from chalicelib.rules import judging, looking, policies, rulebooks
from chalicelib.rules import starters as rule_starters
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.words import lexicons

EXAMPLES = tomllib.loads((Path(__file__).parents[1] / "words" / "examples.toml").read_text())
CASES = [(act, text) for acts in EXAMPLES.values() for act, texts in acts.items() for text in texts]
LINE = contents.line_of(starters.starter("en"))
RULES = rulebooks.as_rules(rule_starters.rules("brd_1"), policies.severities(LINE))
POLICY = Policy(
    0,
    LINE,
    tuple(replace(rule, live=True) for rule in RULES),
    lexicons.joined(lexicons.LANGUAGES),
    frozenset({"velostra"}),
)


def decided(text: str, surface: str = "comment") -> str:
    verdict = looking.look(POLICY, text, "")
    about = {**looking.of_text(text, verdict), "surface": surface, "promotion": 0, **looking.of_others(text)}
    known = Facts(about, verdict.findings, hideable=surface == "comment")
    acts = [planned.act.do for planned in judging.judge(POLICY.rules, known, 0).acts if planned.act.is_exclusive]
    assert bool(acts) <= judging.may_concern(POLICY.rules, known, 0)
    return acts[0] if acts else "nothing"


@pytest.mark.parametrize(("act", "text"), CASES, ids=[text for _, text in CASES])
def test_nothing_is_hidden_that_the_detector_is_not_sure_of(act: str, text: str) -> None:
    assert (decided(text) == "hide") <= (act == "hide")
    assert decided(text, "dm") in ("nothing", "queue")


def test_most_of_what_may_be_hidden_is() -> None:
    wanted = [text for act, text in CASES if act == "hide"]
    missed = [text for text in wanted if decided(text) == "nothing"]
    assert len(missed) <= len(wanted) // 20, missed


def test_every_clause_of_the_starter_line_has_a_rule_that_cites_it() -> None:
    assert {rule.clause for rule in RULES} == {clause.id for clause in LINE.clauses}
