"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.tenancy.hours import DAYS

TIME = {"type": "string", "format": "date-time"}
CLOCK = {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
SPANS = {
    "type": "array",
    "maxItems": 6,
    "items": {"type": "array", "prefixItems": [CLOCK, CLOCK], "items": False, "minItems": 2},
}
ROLES = {"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[a-z_0-9]{1,64}$"}}
REPLY_RULE = schema.body(
    ("approvals",),
    roles=ROLES,
    surface={"enum": ["public", "private"]},
    kind={"enum": ["ordinary", "official"]},
    approvals={"type": "integer", "minimum": 0, "maximum": 5},
    by=ROLES,
    every={"type": "boolean"},
)
MINUTES = {"type": "integer", "minimum": 1, "maximum": 43_200}
NAMES = {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "pattern": "^[\\w-]{1,50}$"}}
SERVICE_LEVEL = schema.body(
    ("name",),
    name=schema.text(60),
    networks=NAMES,
    surfaces=NAMES,
    priorities=NAMES,
    labels=NAMES,
    first_response=MINUTES,
    next_response=MINUTES,
    resolution=MINUTES,
    always={"type": "boolean", "description": "Count around the clock instead of in the brand's hours."},
)
ASSIGNMENT = schema.body(
    ("mode", "roles"),
    mode={"enum": ["off", "round_robin", "capacity"]},
    roles={**ROLES, "minItems": 1},
    limit={"type": "integer", "minimum": 1, "maximum": 1000},
    quiet_minutes=MINUTES,
)
SETTINGS = schema.body(
    (),
    service_levels={"type": "array", "maxItems": 20, "items": SERVICE_LEVEL},
    assignment=ASSIGNMENT,
    auto_resolve_hours={"type": ["integer", "null"], "minimum": 1, "maximum": 8760},
    time_zone={"type": "string", "maxLength": 64},
    languages={"type": "array", "maxItems": 20, "items": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}},
    hours=schema.body((), **dict.fromkeys(DAYS, SPANS)),
    holidays={"type": "array", "maxItems": 400, "items": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}},
    replies=schema.body(
        (),
        rules={"type": "array", "maxItems": 20, "items": REPLY_RULE},
        own_approval={"type": "boolean"},
        expire_hours={"type": "integer", "minimum": 1, "maximum": 720},
    ),
)
BRAND = schema.body(
    ("id", "name", "settings", "version", "created_at"),
    id=schema.id_of("brd"),
    name={"type": "string"},
    settings=SETTINGS,
    archived_at={"type": ["string", "null"]},
    version={"type": "integer"},
    created_at=TIME,
)
NEW_BRAND = schema.body(("name",), name=schema.text(100), settings=SETTINGS)
EDIT_BRAND = schema.body((), name=schema.text(100), settings=SETTINGS)
AGENCY = schema.body(("id", "name", "created_at"), id=schema.id_of("agc"), name={"type": "string"}, created_at=TIME)
SIGN_UP = schema.body(("name",), name=schema.text(100))
ASKED = schema.body(
    ("role", "brands"),
    role={"type": "string", "pattern": "^[a-z_0-9]{1,64}$"},
    brands=schema.nullable({"type": "array", "maxItems": 500, "items": schema.id_of("brd")}),
)
GRANTS = {"type": "array", "minItems": 1, "maxItems": 20, "items": ASKED}
MEMBER = schema.body(
    ("id", "name", "email", "grants", "version", "created_at"),
    id=schema.id_of("mbr"),
    name={"type": "string"},
    email={"type": "string"},
    grants={"type": "array", "items": ASKED},
    available={"type": "boolean"},
    version={"type": "integer"},
    created_at=TIME,
)
COLLEAGUE = schema.body(
    ("id", "name", "available"),
    id=schema.id_of("mbr"),
    name={"type": "string"},
    available={"type": "boolean"},
)
MINE = schema.body(
    ("id", "name", "member"), id=schema.id_of("agc"), name={"type": "string"}, member=schema.id_of("mbr")
)
AVAILABILITY = schema.body(("available",), available={"type": "boolean"})
EMAIL = {"type": "string", "maxLength": 254, "pattern": "^[^\\s@<>,;]+@[^\\s@<>,;]+[.][^\\s@<>,;]+$"}
INVITE = schema.body(("email", "grants"), email=EMAIL, grants=GRANTS)
INVITATION = schema.body(
    ("id", "email", "grants", "expires_at"),
    id=schema.id_of("inv"),
    email={"type": "string"},
    grants={"type": "array", "items": ASKED},
    expires_at=TIME,
    created_at=TIME,
)
ACCEPT = schema.body(
    ("token",), token={"type": "string", "pattern": "^agc_[0-9a-z]+[.]inv_[0-9a-z]+[.][A-Za-z0-9_-]{20,64}$"}
)
CHANGE_MEMBER = schema.body(("grants",), grants=GRANTS)
ROLE = schema.body(
    ("id", "name", "permissions", "version"),
    id={"type": "string"},
    name={"type": "string"},
    permissions={"type": "array", "items": {"type": "string"}},
    version={"type": "integer"},
    created_at=TIME,
)
NEW_ROLE = schema.body(
    ("name", "permissions"),
    name=schema.text(100),
    permissions={"type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": True, "items": {"type": "string"}},
)
NEW_KEY = schema.body(
    ("name", "grants"),
    name=schema.text(100),
    grants=GRANTS,
    expires_at={"type": "string", "maxLength": 40},
    ranges={"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 64}},
)
API_KEY = schema.body(
    ("id", "name", "grants", "ranges", "created_by", "created_at"),
    id=schema.id_of("key"),
    name={"type": "string"},
    grants={"type": "array", "items": ASKED},
    ranges={"type": "array", "items": {"type": "string"}},
    expires_at={"type": ["string", "null"]},
    used_at={"type": ["string", "null"]},
    created_by={"type": "string"},
    created_at=TIME,
    key={"type": "string", "description": "The key itself; shown once."},
)
GRANT = schema.body(
    ("role", "brands"),
    role={"type": "string"},
    brands=schema.nullable({"type": "array", "items": schema.id_of("brd")}),
    permissions={"type": "array", "items": {"type": "string"}},
)
ME = schema.body(
    ("agency", "member", "name", "kind", "grants"),
    agency=schema.id_of("agc"),
    member={"type": "string"},
    name={"type": "string"},
    kind={"enum": ["member", "key"]},
    grants={"type": "array", "items": GRANT},
)
CHANNEL = schema.body(
    ("id", "brand", "network", "account", "name", "hook", "health"),
    id=schema.id_of("chn"),
    brand=schema.id_of("brd"),
    network={"type": "string"},
    account={"type": "string"},
    name={"type": "string"},
    hook={"type": "string"},
    health={"enum": ["ok", "alert", "paused", "expired", "disconnected"]},
    alert={"type": ["string", "null"]},
    secret={"type": "string", "description": "What the network signs this channel's hook with; shown once."},
    verify_token={"type": "string", "description": "For the hand-shake of this channel's hook; shown once."},
)
CONNECT = schema.body(
    ("brand", "network", "credentials"),
    brand=schema.id_of("brd"),
    network={"type": "string", "pattern": "^[a-z]{1,30}$"},
    name=schema.text(100),
    account={"type": "string", "pattern": "^[A-Za-z0-9_.:@-]{1,200}$"},
    credentials=schema.body(
        ("token",),
        token={"type": "string", "minLength": 1, "maxLength": 4096, "pattern": "^[!-~]+$"},
        secret={"type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^[!-~]+$"},
    ),
    details={
        "type": "object",
        "maxProperties": 10,
        "propertyNames": {"pattern": "^[a-z_]{1,30}$"},
        "additionalProperties": {"type": "string", "pattern": "^[A-Za-z0-9_.:@-]{1,200}$"},
    },
)
GONE = schema.body()
BRANDS_OR_ALL = schema.nullable(
    {"type": "array", "minItems": 1, "maxItems": 500, "uniqueItems": True, "items": schema.id_of("brd")}
)
CHOICES = {"type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": True, "items": schema.text(100)}
DEFINE = schema.body(
    ("title", "type"),
    title=schema.text(100),
    type={"enum": ["text", "number", "boolean", "date", "choice"]},
    choices=CHOICES,
    brands={**BRANDS_OR_ALL, "description": "The brands it is for; null for all."},
    required_on_resolve={"type": "boolean", "description": "No conversation is resolved without it."},
)
ATTRIBUTE = schema.body(
    ("name", "title", "type", "brands", "required_on_resolve", "version"),
    name={"type": "string"},
    title={"type": "string"},
    type=DEFINE["properties"]["type"],
    choices=schema.nullable(CHOICES),
    brands=BRANDS_OR_ALL,
    required_on_resolve={"type": "boolean"},
    version={"type": "integer"},
)
MEMBERS = {"type": "array", "maxItems": 40, "uniqueItems": True, "items": schema.id_of("mbr")}
NEW_TEAM = schema.body(("name", "members"), name=schema.text(100), members=MEMBERS)
TEAM = schema.body(
    ("id", "name", "members", "version", "created_at"),
    id=schema.id_of("tem"),
    name={"type": "string"},
    members=MEMBERS,
    version={"type": "integer"},
    created_at=TIME,
)
