"""Which rules mean a message, and what becomes of it when they want different things."""

from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules import judging
from chalicelib.rules.judging import Facts
from chalicelib.rules.rules import VALUES, Act, Do, Rule, act_of
from chalicelib.words.findings import MODEL, Context, Finding, Span
from chalicelib.words.terms import CATEGORIES

NOW = 1_000_000
WORDS = (Span(0, 6, 0, "wanker"),)


def finding(category: str = "insult", severity: int = 2, certainty: str = "clear", **more: Any) -> Finding:
    return Finding(category, severity, certainty, WORDS, "wanker", **more)


def rule(*does: Any, id: str = "rul_1", when: Any = None, severity: int = 2, **more: Any) -> Rule:
    acts = tuple(do if isinstance(do, Act) else Act(do) for do in does)
    asked = when or {"field": "category", "is": "insult"}
    return Rule(id, 1, more.pop("live", True), "respect.insults", severity, asked, acts, **more)


def facts(*findings: Finding, **more: Any) -> Facts:
    about = {"surface": "comment", "link": False, **more.pop("about", {})}
    return Facts(about, findings or (finding(),), **more)


def done(rules: list[Rule], known: Facts) -> list[tuple[str, Any]]:
    return [(planned.act.do, planned.act.value) for planned in judging.judge(rules, known, NOW).acts]


@pytest.mark.parametrize("severity", [2, 4])
@pytest.mark.parametrize("order", list(permutations(("keep", "queue", "hide"))), ids="-".join)
def test_of_what_excludes_each_other_the_safest_for_the_author_wins(order: tuple[str, ...], severity: int) -> None:
    rules = [rule(do, id=f"rul_{do}", severity=severity) for do in order]
    assert done(rules, facts()) == [("hide" if severity == 4 else "keep", None)]
    assert done([entry for entry in rules if entry.then[0].do != "keep"], facts()) == [
        ("hide" if severity == 4 else "queue", None)
    ]


@pytest.mark.parametrize(
    ("known", "becomes"),
    [
        (facts(), ("hide", None)),
        (facts(hideable=False), ("queue", "hide")),
        (facts(finding(context=Context(quoted=True))), ("queue", "hide")),
        (facts(finding(context=Context(kind=True))), ("queue", "hide")),
        (facts(finding(severity=1)), ("queue", "hide")),
        (facts(finding(certainty="vague")), ("queue", "hide")),
        (facts(settled=True), None),
        (facts(past=True), None),
    ],
    ids=["sure", "cannot", "quoted", "kind", "mild", "vague", "a person decided", "old"],
)
def test_machine_hides_only_what_it_is_sure_of_and_nobody_decided(known: Facts, becomes: Any) -> None:
    assert done([rule("hide")], known) == ([becomes] if becomes else [])


def test_no_machine_deletes() -> None:
    assert done([rule("delete")], facts()) == [("queue", "delete")]


@pytest.mark.parametrize("does", ["hide", "delete", "keep", "label"])
def test_cry_for_help_reaches_a_person_whatever_rules_want(does: str) -> None:
    known = facts(finding(), finding("self_harm", 4))
    wanted = done([rule(does if does != "label" else Act("label", "x"), severity=4)], known)
    assert wanted[:2] == [("queue", None), ("escalate", None)]
    assert ("hide", None) not in wanted
    assert judging.may_concern([], known, NOW)


HARM = finding("safety", 3)


@pytest.mark.parametrize(
    ("does", "becomes"),
    [
        ((), [("queue", None), ("escalate", None)]),
        (("keep",), [("queue", None), ("escalate", None)]),
        (("hide",), [("queue", "hide"), ("escalate", None)]),
        (("delete",), [("queue", "delete"), ("escalate", None)]),
        ((Act("label", "x"),), [("queue", None), ("escalate", None), ("label", "x")]),
    ],
    ids=["nothing", "keep", "hide", "delete", "label"],
)
def test_who_tells_of_harm_is_heard_by_a_person_and_stays_seen(does: tuple[Any, ...], becomes: list[Any]) -> None:
    rules = [rule(do, id=f"rul_{place}", severity=4) for place, do in enumerate(does)]
    assert done(rules, facts(finding(), HARM)) == becomes
    assert judging.may_concern([], facts(HARM), NOW)


@pytest.mark.parametrize(
    "known",
    [facts(finding("safety", 3, context=Context(denied=True))), facts(HARM, past=True), facts(HARM, settled=True)],
    ids=["denied", "old", "a person decided"],
)
def test_harm_that_is_denied_old_or_decided_about_is_not_escalated(known: Facts) -> None:
    assert done([], known) == []


@pytest.mark.parametrize("category", ["insult", "self_harm", "threat", "safety"])
def test_what_our_own_accounts_say_is_no_business_of_rules(category: str) -> None:
    rules = [rule("hide", Act("label", "x"), when={"field": "surface", "is": "comment"})]
    assert judging.judge(rules, facts(finding(category, 4)), NOW).acts
    assert judging.may_concern(rules, facts(finding(category, 4)), NOW)
    ours = facts(finding(category, 4), own=True, banned=True)
    assert judging.judge(rules, ours, NOW) == judging.Outcome()
    assert not judging.may_concern(rules, ours, NOW)


def test_labels_unite_and_the_heaviest_strike_counts() -> None:
    rules = [
        rule(Act("label", "rude"), Act("strike", 1), Act("assign", "mbr_1"), id="rul_1"),
        rule(Act("label", "insult"), Act("label", "rude"), Act("strike", 3), Act("assign", "mbr_2"), id="rul_2"),
    ]
    assert done(rules, facts()) == [
        ("label", "rude"), ("label", "insult"), ("strike", 3), ("assign", "mbr_1"),
    ]  # fmt: skip


def test_what_is_old_gets_labels_and_nothing_else() -> None:
    acts = (Act("label", "rude"), Act("strike", 1), Act("priority", "high"), Act("hide"))
    assert done([rule(*acts)], facts(past=True)) == [("label", "rude")]


def test_shadow_only_notes() -> None:
    outcome = judging.judge([rule("hide", live=False)], facts(), NOW)
    assert ([match.rule.id for match in outcome.matches], outcome.acts) == (["rul_1"], ())


def test_no_later_rule_is_asked_behind_one_that_stops_unless_it_is_in_shadow() -> None:
    later = rule("hide", id="rul_2")
    assert done([rule("queue", stop=True), later], facts()) == [("queue", None)]
    assert done([rule("queue", stop=True, live=False), later], facts()) == [("hide", None)]


def test_rule_that_ended_is_not_asked() -> None:
    assert done([rule("hide", ends_at=NOW)], facts()) == []
    assert done([rule("hide", ends_at=NOW + 1)], facts()) == [("hide", None)]


def test_questions_about_findings_are_asked_of_one_at_a_time() -> None:
    aimed = {"all": [{"field": "category", "is": "insult"}, {"field": "aimed", "is": True}]}
    apart = facts(finding("profanity", context=Context(aimed=True)), finding("insult"))
    assert done([rule("queue", when=aimed)], apart) == []
    assert done([rule("queue", when=aimed)], facts(finding(context=Context(aimed=True)))) == [("queue", None)]


@pytest.mark.parametrize("asked", [{"strikes": 0}, {"strikes": None}, {}], ids=["known", "null", "missing"])
@pytest.mark.parametrize("leaf", [{"at_least": 0}, {"at_most": 5}], ids=str)
def test_what_is_not_known_never_matches_and_may_concern(asked: dict[str, Any], leaf: Any) -> None:
    known = facts(about=asked)
    few = rule("queue", when={"field": "strikes", **leaf})
    inverse = rule("queue", when={"none": [{"field": "strikes", **leaf}]})
    is_known = asked.get("strikes") is not None
    assert done([few], known) == ([("queue", None)] if is_known else [])
    assert done([inverse], known) == []
    assert judging.may_concern([inverse], known, NOW) != is_known


@given(st.lists(st.sampled_from(["keep", "queue", "hide", "delete"]), max_size=6), st.integers(1, 4))
def test_message_gets_at_most_one_act_that_decides(does: list[str], severity: int) -> None:
    rules = [rule(do, id=f"rul_{place}", severity=severity) for place, do in enumerate(does)]
    decided = [do for do, _ in done(rules, facts()) if do in ("keep", "queue", "hide", "delete")]
    assert len(decided) == bool(does)


def opinion(category: str, severity: int, score: int) -> Finding:
    """As sure of itself as can be: that it is a model's has to be enough."""
    return Finding(category, severity, "clear", (), "HATE HIGH", ("model",), MODEL, score=score)


OPINIONS = st.lists(st.builds(opinion, st.sampled_from(CATEGORIES), st.integers(1, 4), st.integers(1, 100)), max_size=4)
ASKED = st.sampled_from([
    {"field": "category", "is": list(CATEGORIES)}, {"field": "score", "at_least": 1}, {"field": "how", "has": "model"},
    {"field": "surface", "is": "comment"}, {"none": [{"field": "score", "at_least": 50}]},
])  # fmt: skip
DOES = st.sampled_from(["keep", "queue", "hide", "delete", Act("strike", 3), Act("propose_ban", 1)])
RULES = st.lists(
    st.builds(
        lambda does, place, **more: rule(*does, id=f"rul_{place}", **more),
        st.lists(DOES, max_size=3),
        st.integers(0, 9),
        when=ASKED,
        severity=st.integers(1, 4),
        stop=st.booleans(),
    ),
    max_size=5,
)


@given(RULES, OPINIONS, st.sampled_from([(), (finding(),), (finding(severity=1),)]))
def test_whatever_a_model_says_alone_it_hides_nothing_and_counts_nothing(
    rules: list[Rule], said: list[Finding], findings: tuple[Finding, ...]
) -> None:
    about = {"surface": "comment"}
    without = done(rules, Facts(about, findings))
    with_it = done(rules, Facts(about, (*findings, *said)))
    for act in with_it:
        if act[0] in ("hide", "strike", "propose_ban"):
            assert act in without


def test_rule_that_only_a_model_would_ask_takes_no_keep_away() -> None:
    grave = rule("queue", id="rul_1", when={"field": "score", "at_least": 1}, severity=4)
    rules = [grave, rule("keep", "hide", id="rul_2", severity=1)]
    assert done(rules, facts(finding(), opinion("insult", 1, 1))) == done(rules, facts(finding())) == [("keep", None)]
    stops = rule("queue", id="rul_1", when={"field": "score", "at_least": 1}, stop=True)
    assert done([rule("hide"), stops, rule("keep")], facts(finding(), opinion("insult", 1, 1))) == [("keep", None)]


def test_rule_that_means_a_message_by_itself_does_the_same_whatever_a_model_says() -> None:
    known, said = finding(), opinion("insult", 2, 95)
    for when in ({"field": "surface", "is": "comment"}, {"field": "category", "is": "insult"}):
        rules = [rule("hide", Act("strike", 2), when=when)]
        assert done(rules, facts(known, said)) == done(rules, facts(known)) == [("hide", None), ("strike", 2)]
    every = [rule("hide", Act("strike", 2), when={"field": "surface", "is": "comment"})]
    for findings in ((), (said,)):  # nothing was found by the detector
        assert done(every, Facts({"surface": "comment"}, findings)) == [("hide", None), ("strike", 2)]


def test_rules_that_mean_the_message_ask_the_model_in_shadow_too() -> None:
    asks, other = rule("ask_model", live=False), rule("ask_model", when={"field": "link", "is": True})
    assert judging.asks_model(judging.judge([asks], facts(), NOW))
    assert not judging.asks_model(judging.judge([other], facts(), NOW))


@pytest.mark.parametrize(
    ("does", "becomes"),
    [
        ((), [("queue", None)]),
        (("keep",), [("queue", None)]),
        (("queue",), [("queue", None)]),
        (("hide",), [("hide", None), ("queue", None)]),
        (("delete",), [("queue", "delete")]),
    ],
    ids=["nothing", "keep", "queue", "hide", "delete"],
)
def test_person_looks_at_all_that_the_banned_say(does: tuple[str, ...], becomes: list[Any]) -> None:
    assert done([rule(do) for do in does], facts(banned=True)) == becomes
    assert judging.may_concern([], Facts({}, banned=True), NOW)
    assert done([rule(do) for do in does], facts(banned=True, past=True)) == []


# What rules want, in their order, of a clause of that severity, and what becomes of it. No machine deletes.
ORDER = [
    (2, "keep", "keep"),
    (2, "queue", "queue"),
    (2, "hide", "hide"),
    (2, "delete", "queue:delete"),
    (2, "keep queue", "keep"),
    (2, "hide keep", "keep"),
    (2, "delete keep", "keep"),
    (2, "hide queue", "queue"),
    (2, "queue delete", "queue"),
    (2, "delete queue", "queue:delete"),
    (2, "hide delete", "queue:delete"),
    (2, "hide hide", "hide"),
    (2, "queue hide keep", "keep"),
    (2, "delete hide keep", "keep"),
    (2, "delete hide queue", "queue:delete"),
    (2, "delete hide queue keep", "keep"),
    (4, "keep", "keep"),
    (4, "delete", "queue:delete"),
    (4, "keep queue", "queue"),
    (4, "keep hide", "hide"),
    (4, "keep delete", "queue:delete"),
    (4, "queue hide", "hide"),
    (4, "hide delete", "hide"),
    (4, "keep queue hide delete", "hide"),
    (2, "hide label:rude label:mean label:rude", "hide label:rude label:mean"),
    (2, "strike:1 strike:3 strike:2", "strike:3"),
    (2, "assign:mbr_1 assign:mbr_2", "assign:mbr_1"),
    (2, "propose:can_2 propose:can_1", "propose:can_2"),
    (2, "priority:high priority:urgent", "priority:high"),
    (2, "require_approval escalate require_approval hide", "hide require_approval escalate"),
]


@pytest.mark.parametrize(("severity", "wanted", "becomes"), ORDER, ids=lambda value: str(value).replace(" ", "-"))
def test_order_decides(severity: int, wanted: str, becomes: str) -> None:
    def act(words: str) -> Act:
        do, _, value = words.partition(":")
        return act_of({"do": do, VALUES.get(cast(Do, do), ""): value or None})

    rules = [rule(act(words), id=f"rul_{place}", severity=severity) for place, words in enumerate(wanted.split())]
    said = [f"{do}:{value}" if value else do for do, value in done(rules, facts())]
    assert " ".join(said) == becomes
