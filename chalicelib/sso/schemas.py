"""What the routes of this area take and give."""

from chalicelib.api import schema
from chalicelib.sso.providers import KINDS

NEW_DOMAIN = schema.body("NewSignInDomain", ("domain",), domain=schema.text(253))
RECORD = schema.body(
    "SignInRecord",
    ("type", "name", "value"),
    type=schema.one_of(["TXT"]),
    name={"type": "string"},
    value={"type": "string"},
)
DOMAIN = schema.body(
    "SignInDomain",
    ("id", "domain", "record", "proven_at", "created_at"),
    id=schema.id_of("dom"),
    domain={"type": "string"},
    record={**RECORD, "description": "What to write where the domain's name servers are told."},
    proven_at={**schema.TIME_OR_NULL, "description": "Null until the record was seen."},
    created_at=schema.TIME,
)
_URL = {"type": "string", "maxLength": 1024, "pattern": "^(https://|http://localhost[:/])[^\\s@#]+$"}
KIND = schema.one_of(KINDS)
SET_PROVIDER = schema.body(
    "SignInProviderToSet",
    ("kind",),
    kind=KIND,
    metadata_url={**_URL, "description": "For SAML: where its metadata is."},
    metadata={"type": "string", "minLength": 1, "maxLength": 100_000, "description": "For SAML: its metadata itself."},
    issuer={**_URL, "description": "For OIDC, with `client_id` and `client_secret`."},
    client_id=schema.text(255),
    client_secret=schema.text(1024),
    only_sso={
        "type": "boolean",
        "description": "Members with addresses of your domains do not get in with a password. "
        "To be set by somebody whom the provider signed in.",
    },
)
PROVIDER = schema.body(
    "SignInProvider",
    (
        "kind", "metadata_url", "issuer", "client_id", "only_sso", "identity_provider", "sign_in_client_id",
        "created_at",
    ),
    kind=KIND,
    metadata_url=schema.TEXT_OR_NULL,
    issuer=schema.TEXT_OR_NULL,
    client_id=schema.TEXT_OR_NULL,
    only_sso={"type": "boolean"},
    identity_provider={"type": "string", "description": "What the user pool calls it."},
    sign_in_client_id={"type": "string", "description": "The client of the user pool through which it signs in."},
    created_at=schema.TIME,
)  # fmt: skip
PRESENT_PROVIDER = schema.body("PresentSignInProvider", ("provider",), provider=schema.nullable(PROVIDER))
