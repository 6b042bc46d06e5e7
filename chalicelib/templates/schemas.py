"""What the routes of this area take and give."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.networks.incoming import TemplateState

NAME = {"type": "string", "pattern": "^[a-z0-9_]{1,512}$"}
LANGUAGE = {"type": "string", "pattern": "^[a-z]{2,3}(_([A-Z]{2}))?$"}
STATE = schema.one_of(get_args(TemplateState))
_COMPONENT = schema.open_object("A component, as the network writes them.", maxProperties=20)
COMPONENTS = {"type": "array", "minItems": 1, "maxItems": 20, "items": _COMPONENT, schema.MOST_OBJECTS: 100}
_FILLED = {
    "type": "array",
    "maxItems": 20,
    "items": schema.open_object("A component with its parameters, as the network writes them.", maxProperties=20),
    schema.MOST_OBJECTS: 100,
}
_WRITTEN = {
    "category": {"type": "string", "pattern": "^[A-Z_]{1,30}$"},
    "components": COMPONENTS,
}
ROW = {
    "id": schema.id_of("tpl"),
    "brand": schema.id_of("brd"),
    "channel": schema.id_of("chn"),
    "name": {"type": "string"},
    "language": {"type": "string"},
    "category": {"type": "string"},
    "state": STATE,
    "reason": schema.TEXT_OR_NULL,
    "quality": schema.TEXT_OR_NULL,
    "next_category": schema.TEXT_OR_NULL,
    "category_at": schema.TIME_OR_NULL,
    "version": {"type": "integer"},
}
TEMPLATE = schema.body(
    "Template",
    (*ROW, "components", "detail", "network_id", "created_at", "updated_at"),
    **ROW,
    components={"type": "array", "items": _COMPONENT},
    detail=schema.TEXT_OR_NULL,
    network_id=schema.TEXT_OR_NULL,
    created_at=schema.TIME,
    updated_at=schema.TIME,
)
NEW = schema.body(
    "NewTemplate",
    ("channel", "name", "language", *_WRITTEN),
    channel=schema.id_of("chn"),
    name=NAME,
    language=LANGUAGE,
    **_WRITTEN,
)
REWRITE = schema.body("TemplateText", tuple(_WRITTEN), **_WRITTEN)
LISTED = {
    "brand": schema.id_of("brd"),
    "channel": schema.id_of("chn"),
    "state": STATE,
    "language": LANGUAGE,
    **schema.PAGE,
}
FILL = schema.body("TemplateValues", (), components=_FILLED)
TRY = schema.body(
    "TemplateTry",
    ("to",),
    to={"type": "string", "maxLength": 16, "pattern": "^[+]?[1-9][0-9]{6,14}$"},
    components=_FILLED,
)
TRIED = schema.body("TriedTemplate", ("network_id",), network_id={"type": "string"})
_NAMES = {"type": "array", "items": {"type": "string"}}
PREVIEW = schema.body(
    "TemplatePreview",
    ("header", "text", "footer", "buttons", "missing", "strange"),
    header=schema.TEXT_OR_NULL,
    text={"type": "string"},
    footer=schema.TEXT_OR_NULL,
    buttons=_NAMES,
    missing=_NAMES,
    strange=_NAMES,
)
READ = schema.body(
    "TemplatesRead", ("found", "new", "changed"), **{name: {"type": "integer"} for name in ("found", "new", "changed")}
)
VARIABLE = schema.body(
    "TemplateVariables",
    ("component", "kind", "names", "index"),
    component=schema.one_of(("header", "body", "button")),
    kind={"type": "string"},
    names=_NAMES,
    index={"type": ["integer", "null"]},
)
OFFERED = schema.body(
    "OfferedTemplate",
    ("id", "name", "language", "category", "text", "variables"),
    **{name: ROW[name] for name in ("id", "name", "language", "category")},
    text={"type": "string"},
    variables={"type": "array", "items": VARIABLE},
)
