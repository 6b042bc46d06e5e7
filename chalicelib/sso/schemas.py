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
    record={**RECORD, "description": "The DNS record to add to the domain."},
    proven_at={**schema.TIME_OR_NULL, "description": "When the record was seen; null until then."},
    created_at=schema.TIME,
)
_URL = {"type": "string", "maxLength": 1024, "pattern": "^(https://|http://localhost[:/])[^\\s@#]+$"}
KIND = schema.one_of(KINDS)
SET_PROVIDER = schema.body(
    "SignInProviderToSet",
    ("kind",),
    kind=KIND,
    metadata_url={**_URL, "description": "For SAML: the address of the provider's metadata."},
    metadata={
        "type": "string",
        "minLength": 1,
        "maxLength": 100_000,
        "description": "For SAML: the provider's metadata itself.",
    },
    issuer={**_URL, "description": "For OIDC: the issuer, with `client_id` and `client_secret`."},
    client_id=schema.text(255),
    client_secret=schema.text(1024),
    only_sso={
        "type": "boolean",
        "description": "If true, members with addresses of your domains cannot sign in with a password. "
        "Only somebody whom the provider signed in can set this.",
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
    identity_provider={"type": "string", "description": "The provider's name in the user pool."},
    sign_in_client_id={"type": "string", "description": "The client of the user pool through which people sign in "
    "with the provider."},
    created_at=schema.TIME,
)  # fmt: skip
PRESENT_PROVIDER = schema.body("PresentSignInProvider", ("provider",), provider=schema.nullable(PROVIDER))
