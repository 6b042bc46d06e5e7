"""What the routes about how a rule does take and give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.jobs.jobs import Status
from chalicelib.jobs.schemas import JOB
from chalicelib.moderation.rule_undos import OUTCOMES
from chalicelib.moderation.verdicts import Verdict

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
_BY = "How many of the messages that the rule means, by"
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
    by_category=schema.map_of(_NUMBER, f"{_BY} what was found; `none` if the rule asks for nothing found."),
    by_network=schema.map_of(_NUMBER, f"{_BY} network."),
    by_day=schema.map_of(_NUMBER, f"{_BY} the day on which they were said (UTC)."),
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
