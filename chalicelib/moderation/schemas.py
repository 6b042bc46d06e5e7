"""What the routes of this area take and give."""

from typing import Any, get_args

from chalicelib.api import schema
from chalicelib.moderation.statements import LANGUAGES
from chalicelib.networks.base import Reason
from chalicelib.rules.rules import Do
from chalicelib.rules.schemas import FEATURE, FINDING

MATCH = schema.body(
    "MatchedRule",
    ("rule", "version", "live", "clause"),
    rule=schema.id_of("rul"),
    version={"type": "integer"},
    live={"type": "boolean"},
    clause={"type": "string"},
)
ACT_DONE = schema.body(
    "DecidedAct",
    ("do", "clause", "rule", "state", "code"),
    do=schema.one_of((*get_args(Do), "unhide")),
    clause=schema.TEXT_OR_NULL,
    rule=schema.TEXT_OR_NULL,
    state=schema.one_of(("planned", "done", "refused", "undone")),
    code=schema.TEXT_OR_NULL,
)
_ABOUT: dict[str, Any] = {
    "brand": schema.id_of("brd"), "conversation": schema.id_of("cnv"), "message": schema.id_of("msg"),
}  # fmt: skip
APPEAL = schema.body(
    "Appeal",
    ("id", "text", "said_in", "filed_by", "at", "state", "reason", "decided_by", "decided_at"),
    id=schema.id_of("apl"),
    text={"type": "string"},
    said_in=schema.TEXT_OR_NULL,
    filed_by={"type": "string"},
    at=schema.TIME,
    state=schema.one_of(("open", "upheld", "overturned")),
    reason=schema.TEXT_OR_NULL,
    decided_by=schema.TEXT_OR_NULL,
    decided_at=schema.TIME_OR_NULL,
)
_PROPOSED = schema.body(
    "ProposedReply",
    ("canned_reply", "text"),
    canned_reply=schema.nullable(schema.id_of("can")),
    text={"type": "string"},
)
REPLIES = {"type": "array", "items": _PROPOSED}
DECISION = schema.body(
    "Decision",
    (
        "id",
        *_ABOUT,
        "state",
        "by",
        "line",
        "reason",
        "findings",
        "promotion",
        "rules",
        "acts",
        "strike",
        "replies",
        "undone_by",
        "appeal",
        "version",
        "at",
    ),
    id=schema.id_of("dec"),
    **_ABOUT,
    state=schema.one_of(("noted", "planned", "done", "refused", "undone")),
    by={"type": "string"},
    line={"type": ["integer", "null"]},
    reason=schema.TEXT_OR_NULL,
    findings={"type": "array", "items": FINDING},
    promotion={"type": "array", "items": FEATURE},
    rules={"type": "array", "items": MATCH},
    acts={"type": "array", "items": ACT_DONE},
    strike={"type": "integer"},
    replies=REPLIES,
    undone_by=schema.TEXT_OR_NULL,
    appeal=schema.nullable(APPEAL),
    version={"type": "integer"},
    at=schema.TIME,
)
DECISIONS = {
    "rule": {**schema.id_of("rul")},
    "state": schema.one_of(("noted", "planned", "done", "refused", "undone")),
    "since": schema.TIME,
    **schema.PAGE,
}
DECISIONS_OF_BRANDS = {"brand": schema.id_of("brd"), **DECISIONS}
UNDO = schema.body("DecisionUndo", ("reason",), reason=schema.prose(1000))
ACTION = schema.body("ModerationReason", (), clause=schema.text(60), reason=schema.prose(1000))
REPORT = schema.body("NewReport", ("reason",), reason=schema.one_of(get_args(Reason)), note=schema.prose(1000))
OUTCOME = schema.body(
    "CaseOutcome",
    ("acts", "clause", "reason", "by", "at"),
    acts={"type": "array", "items": {"type": "string"}},
    clause=schema.TEXT_OR_NULL,
    reason=schema.TEXT_OR_NULL,
    by={"type": "string"},
    job=schema.id_of("job"),
    at=schema.TIME,
)
RAID = schema.body(
    "CaseRaid",
    ("rule", "more", "messages"),
    rule=schema.id_of("rul"),
    more={"type": "integer"},
    messages={"type": "array", "items": schema.id_of("msg")},
)
PASS_ON = schema.body("CaseToPassOn", (), reason=schema.prose(1000))
PASSED_ON = schema.body(
    "CasePassedOn", ("by", "reason", "at"), by={"type": "string"}, reason=schema.TEXT_OR_NULL, at=schema.TIME
)
_TOLD = schema.body(
    "CaseTold", ("members", "at"), members={"type": "array", "items": schema.id_of("mbr")}, at=schema.TIME
)
CASE = schema.body(
    "Case",
    (
        "id",
        *_ABOUT,
        "decision",
        "why",
        "category",
        "severity",
        "proposed",
        "raid",
        "text_masked",
        "replies",
        "state",
        "holder",
        "held_until",
        "due_at",
        "overdue",
        "told",
        "passed_on",
        "outcome",
        "version",
        "at",
    ),
    id=schema.id_of("cas"),
    **_ABOUT,
    decision=schema.id_of("dec"),
    why={"type": "array", "items": {"type": "string"}},
    category=schema.TEXT_OR_NULL,
    severity={"type": "integer"},
    proposed=schema.TEXT_OR_NULL,
    raid=schema.nullable(RAID),
    text_masked={"type": "string"},
    replies=REPLIES,
    state=schema.one_of(("open", "done", "gone")),
    holder=schema.TEXT_OR_NULL,
    held_until=schema.TIME_OR_NULL,
    due_at=schema.TIME_OR_NULL,
    overdue={"type": "boolean"},
    told=schema.nullable(_TOLD),
    passed_on=schema.nullable(PASSED_ON),
    outcome=schema.nullable(OUTCOME),
    version={"type": "integer"},
    at=schema.TIME,
)
CASES = {"brand": schema.id_of("brd"), "state": schema.one_of(("open", "done"), default="open"), **schema.PAGE}
NEXT = schema.body("NextCase", (), brand=schema.id_of("brd"))
TAKEN = schema.body("TakenCase", ("case",), case=schema.nullable(CASE))
DECIDE = schema.body(
    "CaseDecision",
    ("act",),
    act=schema.one_of(("nothing", "hide", "delete")),
    clause=schema.text(60),
    reason=schema.prose(1000),
)
REVEALED = schema.body(
    "RevealedText", ("text", "revealed_today"), text={"type": "string"}, revealed_today={"type": "integer"}
)
_SHIELD: dict[str, Any] = {
    "mask_from": {"type": "integer", "minimum": 3, "maximum": 4},
    "greyscale": {"type": "boolean"},
    "most_severe_per_hour": {"type": ["integer", "null"], "minimum": 0, "maximum": 1000},
}
SHIELD_CHANGES = schema.body("ShieldChanges", (), **_SHIELD)
SHIELD = schema.body("Shield", (*_SHIELD, "revealed_today"), **_SHIELD, revealed_today={"type": "integer"})
NEW_APPEAL = schema.body("NewAppeal", ("text",), text=schema.prose(2000), said_in=schema.id_of("msg"))
DECIDE_APPEAL = schema.body(
    "AppealDecision",
    ("outcome", "reason"),
    outcome=schema.one_of(("uphold", "overturn")),
    reason=schema.prose(1000),
)
IN_LANGUAGE = {"language": schema.one_of(LANGUAGES)}
STATED_CLAUSE = schema.body(
    "StatedClause", ("id", "title", "text"), id={"type": "string"}, title={"type": "string"}, text={"type": "string"}
)
STATEMENT = schema.body(
    "DecisionStatement",
    ("decision", "language", "act", "facts", "found", "automated", "decided", "clause", "redress"),
    decision=schema.id_of("dec"),
    language={"type": "string"},
    act={"type": "string"},
    facts={"type": "string"},
    found={"type": "array", "items": {"type": "string"}},
    automated={"type": "boolean"},
    decided={"type": "string"},
    clause=schema.nullable(STATED_CLAUSE),
    redress={"type": "string"},
)
STRIKE = schema.body(
    "Strike",
    ("at", "weight", "decision"),
    at=schema.TIME,
    weight={"type": "integer"},
    decision={"type": "string"},
)
_VERDICTS = schema.body(
    "AuthorVerdicts", ("upheld", "overturned"), upheld={"type": "integer"}, overturned={"type": "integer"}
)
STANDING = schema.body(
    "Standing",
    ("points", "strikes", "ban", "verdicts"),
    verdicts=_VERDICTS,
    points={"type": "integer"},
    strikes={"type": "array", "items": STRIKE},
    ban=schema.TEXT_OR_NULL,
)
RESET = schema.body("StandingReset", ("reason",), reason=schema.prose(1000))
_EXTENTS = ("ban", "restrict")
NEW_BAN = schema.body(
    "NewBan", ("clause", "reason"), clause=schema.text(60), reason=schema.prose(1000), until=schema.TIME,
    extent=schema.one_of(_EXTENTS),
)  # fmt: skip
BAN_REASON = schema.body("BanReason", ("reason",), reason=schema.prose(1000))
_BAN_STATES = ("proposed", "active", "rejected", "ended", "lifted")
_NETWORK_BAN = schema.body(
    "NetworkBan", ("network", "state"), network={"type": "string"},
    state=schema.one_of(("banned", "restricted", "let_in", "refused")),
)  # fmt: skip
BAN = schema.body(
    "Ban",
    (
        "id",
        "brand",
        "contact",
        "extent",
        "state",
        "effective",
        "networks",
        "clause",
        "reason",
        "until",
        "proposed_by",
        "decided_by",
        "decided_reason",
        "version",
        "at",
    ),
    id=schema.id_of("ban"),
    brand=schema.id_of("brd"),
    contact=schema.id_of("ctc"),
    extent=schema.one_of(_EXTENTS),
    state=schema.one_of(_BAN_STATES),
    effective=schema.one_of(("here", "network")),
    networks={"type": "array", "items": _NETWORK_BAN},
    clause={"type": "string"},
    reason={"type": "string"},
    until=schema.TIME_OR_NULL,
    proposed_by={"type": "string"},
    decided_by=schema.TEXT_OR_NULL,
    decided_reason=schema.TEXT_OR_NULL,
    version={"type": "integer"},
    at=schema.TIME,
)
BANS = {"brand": schema.id_of("brd"), "state": schema.one_of(_BAN_STATES), **schema.PAGE}
