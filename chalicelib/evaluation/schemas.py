"""What the routes about how a rule does take and give."""

from typing import get_args

from chalicelib import patterns
from chalicelib.api import schema
from chalicelib.evaluation.figures import APPEALS, STATES
from chalicelib.evaluation.stretches import MOST_DAYS
from chalicelib.evaluation.undos import OUTCOMES
from chalicelib.evaluation.verdicts import Verdict
from chalicelib.jobs.jobs import Status
from chalicelib.jobs.schemas import JOB
from chalicelib.rules.rules import Do

_NUMBER = {"type": "integer"}
NEW_BACK_TEST = schema.body("NewBackTest", (), days={"type": "integer", "minimum": 1, "maximum": 30, "default": 7})
PLACE = schema.body("SampleSpan", ("at", "length", "at16"), at=_NUMBER, length=_NUMBER, at16=_NUMBER)
SAMPLE = schema.body(
    "BackTestSample",
    ("message", "category", "verdict", "spans"),
    message=schema.id_of("msg"),
    category={"type": "string"},
    verdict=schema.one_of(get_args(Verdict)),
    spans={"type": "array", "items": PLACE},
)
_COUNTED = ("by_category", "by_network", "by_day", "acts")
_BY = "The number of messages that the rule matches, by"
BACK_TEST = schema.body(
    "BackTest",
    (
        "job",
        "rule",
        "version",
        "status",
        "since",
        "until",
        "partial",
        "looked",
        "gone",
        "matched",
        *_COUNTED,
        *get_args(Verdict),
        "samples",
    ),
    job=schema.id_of("job"),
    rule=schema.id_of("rul"),
    version=_NUMBER,
    status=schema.one_of(get_args(Status)),
    since=schema.TIME,
    until=schema.TIME,
    partial={"type": "boolean"},
    looked=_NUMBER,
    gone=_NUMBER,
    matched=_NUMBER,
    by_category=schema.map_of(_NUMBER, f"{_BY} the category that was found; `none` if the rule asks for no category."),
    by_network=schema.map_of(_NUMBER, f"{_BY} network."),
    by_day=schema.map_of(_NUMBER, f"{_BY} the day on which they were written (UTC)."),
    acts=schema.map_of(_NUMBER, f"{_BY} what the rule would have done."),
    **dict.fromkeys(get_args(Verdict), _NUMBER),
    samples={"type": "array", "items": SAMPLE},
)
UNDO = schema.body(
    "RuleUndo",
    ("since",),
    since=schema.TIME,
    until=schema.TIME,
    dry_run={"type": "boolean"},
    reason=schema.prose(1000),
)
COUNTS = schema.body("RuleUndoOutcomes", OUTCOMES, **dict.fromkeys(OUTCOMES, _NUMBER))
UNDONE = schema.body(
    "RuleUndone",
    ("job", "outcomes", "partial"),
    job=schema.nullable(JOB),
    outcomes=schema.nullable(COUNTS),
    partial={"type": "boolean"},
)
_DAY = {"type": "string", "pattern": f"^{patterns.DAY}$"}
STRETCH = {"days": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS}, "from": _DAY, "to": _DAY}
FIGURES_OF_ACT = schema.body(
    "RuleActFigures", ("do", *STATES), do=schema.one_of(get_args(Do)), **dict.fromkeys(STATES, _NUMBER)
)
_CASES = ("open", "as_proposed", "otherwise")
FIGURES_OF_CASES = schema.body("RuleCaseFigures", _CASES, **dict.fromkeys(_CASES, _NUMBER))
FIGURES_OF_APPEALS = schema.body("RuleAppealFigures", APPEALS, **dict.fromkeys(APPEALS, _NUMBER))
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
PRECISION = schema.body("RulePrecision", ("share", "low", "high"), share=_SHARE, low=_SHARE, high=_SHARE)
JUDGED_TWICE = schema.body("RuleSamplesJudgedTwice", ("samples", "agreed"), samples=_NUMBER, agreed=_NUMBER)
OF_VERSION = schema.body(
    "RuleVersionFigures",
    (
        "version",
        "live",
        "shadow",
        "acts",
        "cases",
        "appeals",
        "right",
        "wrong",
        "judged_twice",
        "precision",
        "seconds_to_act",
    ),
    version=_NUMBER,
    live=_NUMBER,
    shadow=_NUMBER,
    acts={"type": "array", "items": FIGURES_OF_ACT},
    cases=FIGURES_OF_CASES,
    appeals=FIGURES_OF_APPEALS,
    right=_NUMBER,
    wrong=_NUMBER,
    judged_twice=JUDGED_TWICE,
    precision=schema.nullable(PRECISION),
    seconds_to_act={"type": ["integer", "null"]},
)
FIGURES = schema.body(
    "RuleFigures",
    ("rule", "since", "until", "partial", "versions"),
    rule=schema.id_of("rul"),
    since=schema.TIME,
    until=schema.TIME,
    partial={"type": "boolean"},
    versions={"type": "array", "items": OF_VERSION},
)
