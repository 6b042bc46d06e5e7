"""/v1/openapi.json and /v1/problems: the API explains itself, to everybody."""

from chalicelib.api import schema, titles
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.api.texts import Text
from chalicelib.reference import files

_PART = schema.open_object("As the OpenAPI Specification 3.1 says.")
DOCUMENT = {
    **schema.body(
        "OpenAPI", ("openapi", "info", "servers", "paths", "components"), openapi={"type": "string"},
        info=_PART, servers={"type": "array", "items": _PART}, paths=_PART, components=_PART,
    ),
    "additionalProperties": True,
    "description": "The whole API; it has more parts than are named here.",
}  # fmt: skip
WAITING = {"type": "string", "enum": ["no", "yes", "after"]}
_TEXT: Json = {"type": "string"}
_WORD = {"type": "string", "pattern": "^[a-z_]+$"}
_SENTENCES = ("title", "cause", "do")
EXPLAINED = schema.body(
    "ExplainedProblem",
    ("code", "statuses", *_SENTENCES, "waiting", "page"),
    code=_WORD,
    statuses={"type": "array", "items": {"type": "integer"}},
    waiting=WAITING,
    page={"type": "string", "format": "uri"},
    **dict.fromkeys(_SENTENCES, _TEXT),
)
SAYS = schema.body("Sentences", titles.LANGUAGES, **dict.fromkeys(titles.LANGUAGES, _TEXT))
REFUSAL = schema.body(
    "ExplainedRefusal",
    ("class", "cause", "waiting", "do", "says"),
    **{"class": _WORD, "cause": {"type": "string"}, "do": {"type": "string"}, "waiting": WAITING, "says": SAYS},
)
NETWORK_CODE = schema.body(
    "NetworkCode",
    ("networks", "code", "classes", "cause"),
    networks={"type": "array", "items": {"type": "string"}},
    code={"type": "string"},
    classes={"type": "array", "items": _WORD},
    cause={"type": "string"},
)
PROBLEMS = schema.body(
    "Problems",
    ("problems", "refusals", "network_codes"),
    problems={"type": "array", "items": EXPLAINED},
    refusals={"type": "array", "items": REFUSAL},
    network_codes={"type": "array", "items": NETWORK_CODE},
)


@route("GET", "/openapi.json", permission=SIGNED_IN, public=True, answer=DOCUMENT)
def show_document(call: Call) -> Text:
    """Describes this API, for programs, as OpenAPI 3.1."""
    return Text(files.text("openapi.json", call.api))


@route("GET", "/problems", permission=SIGNED_IN, public=True, answer=PROBLEMS)
def list_problems(call: Call) -> Text:
    """Explains every code with which we or the networks refuse something."""
    return Text(files.text("problems.json", call.api))
