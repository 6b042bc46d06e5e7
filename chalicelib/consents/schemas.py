"""What the routes of this area take and give."""

from chalicelib.api import schema, titles
from chalicelib.channels.schemas import MOVE_CODE

_URL = {"type": "string", "format": "uri", "maxLength": 2048}
RETURN_TO = {**_URL, "pattern": '^https?://[^\\s<>"]+$'}
_SERVER = {"type": "string", "pattern": "^[a-z0-9.-]{3,200}$"}
PRODUCT = {"type": "string", "pattern": "^[a-z_]{1,40}$"}
_TOKEN = {"type": "string", "pattern": "^[a-z0-9_]{1,70}[.][a-z0-9_]{1,70}[.][A-Za-z0-9_-]{1,100}$"}
_ACCOUNTS = {
    "type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": True,
    "items": {"type": "string", "minLength": 1, "maxLength": 200},
}  # fmt: skip
BEGIN = schema.body(
    "NewConsent", ("brand", "network"), brand=schema.id_of("brd"), network=schema.NETWORK, server=_SERVER,
    product=PRODUCT, return_to=RETURN_TO,
)  # fmt: skip
BEGUN = schema.body("BegunConsent", ("id", "url", "ends_at"), id=schema.id_of("con"), url=_URL, ends_at=schema.TIME)
_ACCOUNT = schema.body(
    "ConsentAccount",
    ("id", "name", "picture", "channel", "is_taken"),
    id={"type": "string"},
    name={"type": "string"},
    picture=schema.TEXT_OR_NULL,
    channel=schema.nullable(schema.id_of("chn")),
    is_taken={"type": "boolean"},
)
_LOSING = schema.body("LosingChannel", ("channel", "name"), channel=schema.id_of("chn"), name={"type": "string"})
CONSENT = schema.body(
    "Consent",
    ("id", "brand", "network", "status", "reason", "ends_at", "accounts", "missing", "losing"),
    id=schema.id_of("con"),
    brand=schema.id_of("brd"),
    network={"type": "string"},
    status=schema.one_of(("open", "returning", "granted", "refused", "lost")),
    reason=schema.TEXT_OR_NULL,
    ends_at=schema.TIME,
    accounts={"type": "array", "items": _ACCOUNT},
    missing={"type": "array", "items": {"type": "string"}},
    losing={"type": "array", "items": _LOSING},
)
CHOOSE = schema.body("ChosenAccounts", ("accounts",), accounts=_ACCOUNTS, move=MOVE_CODE)
_RESULT = schema.body(
    "ChosenAccount",
    ("account", "channel", "code", "detail"),
    account={"type": "string"},
    channel=schema.nullable(schema.id_of("chn")),
    code=schema.TEXT_OR_NULL,
    detail=schema.TEXT_OR_NULL,
)
RESULTS = schema.body("ChosenResults", ("results",), results={"type": "array", "items": _RESULT})
NEW_LINK = schema.body(
    "NewConnectLink",
    ("brand", "networks"),
    brand=schema.id_of("brd"),
    networks={"type": "array", "minItems": 1, "maxItems": 30, "items": schema.NETWORK},
    most={"type": "integer", "minimum": 1, "maximum": 100},
    ends_at=schema.TIME,
    title=schema.text(100),
    logo={**_URL, "pattern": '^https://[^\\s<>"]+$'},
    language=schema.one_of(titles.LANGUAGES),
    return_to=RETURN_TO,
)
LINK = schema.body(
    "ConnectLink",
    ("id", "brand", "networks", "most", "channels", "status", "title", "created_at", "ends_at"),
    id=schema.id_of("cnl"),
    brand=schema.id_of("brd"),
    networks={"type": "array", "items": {"type": "string"}},
    most={"type": "integer"},
    channels={"type": "array", "items": schema.id_of("chn")},
    status=schema.one_of(("open", "used_up", "ended", "revoked")),
    title=schema.TEXT_OR_NULL,
    created_at=schema.TIME,
    ends_at=schema.TIME,
    url=schema.secret("The address of the link's page"),
    token=schema.secret("The token with which a page of your own can replace the link's page"),
)
WITH_TOKEN = schema.body("ConnectToken", ("token",), token=_TOKEN)
_OFFERED = schema.body(
    "OfferedNetwork",
    ("key", "product", "name", "names_server"),
    key={"type": "string"},
    product=schema.TEXT_OR_NULL,
    name={"type": "string"},
    names_server={"type": "boolean"},
)
OFFER = schema.body(
    "ConnectOffer",
    ("title", "brand_name", "logo", "language", "ends_at", "return_to", "left", "networks"),
    title={"type": "string"},
    brand_name={"type": "string"},
    logo=schema.TEXT_OR_NULL,
    language=schema.TEXT_OR_NULL,
    ends_at=schema.TIME,
    return_to=schema.TEXT_OR_NULL,
    left={"type": "integer"},
    networks={"type": "array", "items": _OFFERED},
)
BEGIN_BY_LINK = schema.body(
    "NewConsentByLink", ("token", "network"), token=_TOKEN, network=schema.NETWORK, server=_SERVER,
    product=PRODUCT, own_page={"type": "boolean"},
)  # fmt: skip
CHOOSE_BY_LINK = schema.body("ChosenByLink", ("token", "accounts"), token=_TOKEN, accounts=_ACCOUNTS)
PUT_APP = schema.body(
    "NewNetworkApp",
    ("app_id", "secret"),
    brand=schema.id_of("brd"),
    app_id={"type": "string", "pattern": "^[!-~]{1,300}$"},
    secret={"type": "string", "pattern": "^[!-~]{1,1000}$"},
    product=PRODUCT,
)
APP = schema.body(
    "NetworkApp",
    ("network", "brand", "app_id", "product", "deauthorise_url", "deletion_url", "created_at"),
    network={"type": "string"},
    brand=schema.nullable(schema.id_of("brd")),
    app_id={"type": "string"},
    product=schema.TEXT_OR_NULL,
    deauthorise_url=schema.TEXT_OR_NULL,
    deletion_url=schema.TEXT_OR_NULL,
    created_at=schema.TIME,
)
