"""What the routes of this area take and give."""

from typing import get_args

from chalicelib import patterns
from chalicelib.access import permissions
from chalicelib.api import schema
from chalicelib.brands.hours import DAYS
from chalicelib.brands.settings import Mode

CLOCK = {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
SPANS = {
    "type": "array",
    "maxItems": 6,
    "items": {"type": "array", "items": CLOCK, "minItems": 2, "maxItems": 2},
}
ROLE = {"type": "string", "pattern": f"^({'|'.join(permissions.TEMPLATES)}|rol_[0-9a-z]{{1,60}})$"}
ROLES = {"type": "array", "maxItems": 20, "items": ROLE}
REPLY_RULE = schema.body(
    "ReplyRule",
    ("approvals",),
    roles=ROLES,
    visibility=schema.one_of(("public", "private")),
    kind=schema.one_of(("ordinary", "official")),
    approvals={"type": "integer", "minimum": 0, "maximum": 5},
    by=ROLES,
    every={"type": "boolean"},
)
MINUTES = {"type": "integer", "minimum": 1, "maximum": 43_200}
NAMES = {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "pattern": "^[\\w-]{1,50}$"}}
SERVICE_LEVEL = schema.body(
    "ServiceLevel",
    ("name",),
    name=schema.text(60),
    networks=NAMES,
    surfaces=NAMES,
    priorities=NAMES,
    labels=NAMES,
    first_response=MINUTES,
    next_response=MINUTES,
    resolution=MINUTES,
    always={"type": "boolean", "description": "If true, time counts around the clock, not only in the brand's hours."},
)
ASSIGNMENT = schema.body(
    "AssignmentSettings",
    ("mode", "roles"),
    mode=schema.one_of(get_args(Mode)),
    roles={**ROLES, "minItems": 1},
    limit={"type": "integer", "minimum": 1, "maximum": 1000},
    quiet_minutes=MINUTES,
)
SETTINGS = schema.body(
    "BrandSettings",
    (),
    service_levels={"type": "array", "maxItems": 20, "items": SERVICE_LEVEL},
    assignment=ASSIGNMENT,
    auto_resolve_hours={"type": ["integer", "null"], "minimum": 1, "maximum": 8760},
    receipts={
        "type": "boolean",
        "description": "If true, customers see that their messages were read, where the network can show it. Off by "
        "default.",
    },
    line_four_eyes={
        "type": "boolean",
        "description": "If true, nobody can publish a draft of the editorial line that they saved themselves. Off by "
        "default.",
    },
    share_counts={
        "type": "boolean",
        "description": "If true, messages with the same words are counted across all brands of the agency that set "
        "it. Off by default.",
    },
    model_units_per_day={
        "type": "integer",
        "minimum": 0,
        "maximum": 1_000_000,
        "description": "How many thousand characters a day a model may read for rules that ask it. None by default.",
    },
    time_zone={"type": "string", "maxLength": 64},
    languages={"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}},
    hours=schema.body("OpeningHours", (), **dict.fromkeys(DAYS, SPANS)),
    holidays={
        "type": "array",
        "maxItems": 400,
        "items": {"type": "string", "pattern": f"^{patterns.DAY}$"},
    },
    replies=schema.body(
        "ReplySettings",
        (),
        rules={"type": "array", "maxItems": 20, "items": REPLY_RULE},
        own_approval={"type": "boolean"},
        expire_hours={"type": "integer", "minimum": 1, "maximum": 720},
    ),
)
CRISIS = schema.body(
    "BrandCrisis", ("since", "until", "by", "reason"), since=schema.TIME, until=schema.TIME, by={"type": "string"},
    reason={"type": "string"},
)  # fmt: skip
NEW_CRISIS = schema.body("NewBrandCrisis", ("reason",), until=schema.TIME, reason=schema.prose(1000))
BRAND = schema.body(
    "Brand",
    ("id", "name", "sandbox", "settings", "version", "created_at"),
    id=schema.id_of("brd"),
    name={"type": "string"},
    sandbox={
        "type": "boolean",
        "description": "If true, the brand's channels belong to the sandbox, and nothing is really sent.",
    },
    external_id=schema.EXTERNAL_ID_OR_NULL,
    settings=SETTINGS,
    archived_at=schema.TIME_OR_NULL,
    crisis=schema.nullable(CRISIS),
    version={"type": "integer"},
    created_at=schema.TIME,
)
NEW_BRAND = schema.body(
    "NewBrand",
    ("name",),
    name=schema.text(100),
    sandbox={
        "type": "boolean",
        "description": "If true, the brand is a sandbox to try things out. This cannot be changed later.",
    },
    settings=SETTINGS,
    external_id=schema.EXTERNAL_ID,
)
BRANDS = {"external_id": schema.EXTERNAL_ID, **schema.PAGE}
EDIT_BRAND = schema.body("BrandChange", (), name=schema.text(100), settings=SETTINGS)
