"""What the routes of this area take and give."""

from chalicelib.access import permissions
from chalicelib.api import schema, titles
from chalicelib.brands import schemas as brand_schemas

AGENCY = schema.body(
    "Agency", ("id", "name", "created_at"), id=schema.id_of("agc"), name={"type": "string"}, created_at=schema.TIME
)
SIGN_UP = schema.body("NewAgency", ("name",), name=schema.text(100))
ASKED = schema.body(
    "Grant",
    ("role", "brands"),
    role=brand_schemas.ROLE,
    brands=schema.nullable({"type": "array", "minItems": 1, "maxItems": 500, "items": schema.id_of("brd")}),
)
GRANTS = {"type": "array", "minItems": 1, "maxItems": 20, "items": ASKED}
ACCOUNT = schema.body(
    "OwnAccountNamed", ("network", "id", "username"), network={"type": "string"}, id=schema.TEXT_OR_NULL,
    username=schema.TEXT_OR_NULL,
)  # fmt: skip
MEMBER = schema.body(
    "Member",
    ("id", "name", "email", "grants", "version", "created_at"),
    id=schema.id_of("mbr"),
    name={"type": "string"},
    external_id=schema.EXTERNAL_ID_OR_NULL,
    email={"type": "string"},
    grants={"type": "array", "items": ASKED},
    available={"type": "boolean"},
    language=schema.TEXT_OR_NULL,
    accounts={"type": "array", "items": ACCOUNT},
    suspended_at=schema.nullable(schema.TIME),
    version={"type": "integer"},
    created_at=schema.TIME,
)
COLLEAGUE = schema.body(
    "Colleague",
    ("id", "name", "available"),
    id=schema.id_of("mbr"),
    name={"type": "string"},
    available={"type": "boolean"},
)
BY_ID = {
    "ids": schema.several(
        schema.id_of("mbr"), 100, description="Only the members with these ids; those that you may not see are absent."
    )
}
MINE = schema.body(
    "AgencyMembership",
    ("id", "name", "member"),
    id=schema.id_of("agc"),
    name={"type": "string"},
    member=schema.id_of("mbr"),
)
AVAILABILITY = schema.body("Availability", ("available",), available={"type": "boolean"})
EMAIL = {"type": "string", "maxLength": 254, "pattern": "^[^\\s@<>,;]+@[^\\s@<>,;.]+([.][^\\s@<>,;.]+)+$"}
LANGUAGE = schema.one_of(titles.LANGUAGES)
LANGUAGE_OR_NULL = {**LANGUAGE, "type": ["string", "null"], "enum": [*titles.LANGUAGES, None]}
MY_LANGUAGE = schema.body("MailLanguage", ("language",), language=LANGUAGE_OR_NULL)
_NAME = {"type": "string", "maxLength": 200, "pattern": "^@?[^\\s@]\\S*$"}
_NAMED = schema.body(
    "OwnAccount", ("network",), network=schema.NETWORK, id={"type": "string", "maxLength": 200, "pattern": "^\\S+$"},
    username=_NAME,
)  # fmt: skip
NAMED = {**_NAMED, "minProperties": 2}
ACCOUNTS = schema.body(
    "OwnAccounts",
    ("accounts",),
    accounts={"type": "array", "maxItems": 20, "uniqueItems": True, "items": NAMED},
)
INVITE = schema.body("NewInvitation", ("email", "grants"), email=EMAIL, grants=GRANTS, language=LANGUAGE)
INVITATION = schema.body(
    "Invitation",
    ("id", "email", "grants", "expires_at"),
    id=schema.id_of("inv"),
    email={"type": "string"},
    grants={"type": "array", "items": ASKED},
    language=schema.TEXT_OR_NULL,
    invited_by={"type": "string", "description": "The member or key who answers for the invitation."},
    expires_at=schema.TIME,
    created_at=schema.TIME,
)
LEGACY = schema.body(
    "Legacy",
    ("heir", "inherited", "ended"),
    heir=schema.nullable(schema.id_of("mbr")),
    inherited={
        "type": "array",
        "items": {"type": "string"},
        "description": "Keys and invitations that the heir took over.",
    },
    ended={"type": "array", "items": {"type": "string"}, "description": "Keys and invitations that ended."},
)
ACCEPT = schema.body(
    "InvitationToken",
    ("token",),
    token={"type": "string", "pattern": "^agc_[0-9a-z]{1,60}[.]inv_[0-9a-z]{1,60}[.][A-Za-z0-9_-]{20,64}$"},
)
CHANGE_MEMBER = schema.body("MemberChange", ("grants",), grants=GRANTS)
ROLE = schema.body(
    "Role",
    ("id", "name", "permissions", "version"),
    id={"type": "string"},
    name={"type": "string"},
    permissions={"type": "array", "items": {"type": "string"}},
    version={"type": "integer"},
    created_at=schema.TIME,
)
NEW_ROLE = schema.body(
    "NewRole",
    ("name", "permissions"),
    name=schema.text(100),
    permissions={
        "type": "array",
        "minItems": 1,
        "maxItems": 100,
        "uniqueItems": True,
        "items": schema.one_of(permissions.PERMISSIONS),
    },
)
NEW_KEY = schema.body(
    "NewApiKey",
    ("name", "grants"),
    name=schema.text(100),
    grants=GRANTS,
    expires_at=schema.TIME,
    ranges={"type": "array", "maxItems": 20, "items": {"type": "string", "maxLength": 64}},
)
API_KEY = schema.body(
    "ApiKey",
    ("id", "name", "grants", "ranges", "created_by", "created_at"),
    id=schema.id_of("key"),
    name={"type": "string"},
    grants={"type": "array", "items": ASKED},
    ranges={"type": "array", "items": {"type": "string"}},
    expires_at={"type": ["string", "null"]},
    used_at={"type": ["string", "null"]},
    created_by={"type": "string"},
    created_at=schema.TIME,
    key=schema.secret("The key itself"),
)
GRANT = schema.body(
    "HeldGrant",
    ("role", "brands"),
    role={"type": "string"},
    brands=schema.nullable({"type": "array", "items": schema.id_of("brd")}),
    permissions={"type": "array", "items": {"type": "string"}},
)
ME = schema.body(
    "Me",
    ("agency", "member", "name", "kind", "grants"),
    agency=schema.id_of("agc"),
    member={"type": "string"},
    name={"type": "string"},
    kind=schema.one_of(("member", "key")),
    grants={"type": "array", "items": GRANT},
)
MEMBERS = {"type": "array", "maxItems": 40, "uniqueItems": True, "items": schema.id_of("mbr")}
CHANGE_TEAM = schema.body("TeamChange", ("name", "members"), name=schema.text(100), members=MEMBERS)
NEW_TEAM = schema.body(
    "NewTeam", ("name", "members"), name=schema.text(100), members=MEMBERS, external_id=schema.EXTERNAL_ID
)
BY_EXTERNAL_ID = {"external_id": schema.EXTERNAL_ID, **schema.PAGE}
TEAM = schema.body(
    "Team",
    ("id", "name", "members", "version", "created_at"),
    id=schema.id_of("tem"),
    external_id=schema.EXTERNAL_ID_OR_NULL,
    name={"type": "string"},
    members=MEMBERS,
    version={"type": "integer"},
    created_at=schema.TIME,
)
