"""What the routes of this area take and give."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import schema
from chalicelib.editorial.starters import LANGUAGES
from chalicelib.words.terms import CATEGORIES

FORMS = {"de": ("du", "Sie"), "es": ("tú", "usted"), "fr": ("tu", "vous"), "pt": ("tu", "você")}
SURFACES = ("comment", "post", "review", "dm")
LANGUAGE = schema.one_of(LANGUAGES)
ID = schema.text(60)


def _some(item: Mapping[str, Any], most: int, **more: Any) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": item, **more}


def _words(most: int, longest: int = 60) -> dict[str, Any]:
    return _some(schema.text(longest), most)


CLAUSE = schema.body(
    "LineClause",
    ("id", "title"),
    id={**ID, "description": "Small letters, digits, dots and underscores. Decisions cite it, so it is never reused."},
    title=schema.text(200),
    text=schema.prose(4000),
    severity={"type": "integer", "minimum": 1, "maximum": 4, "description": "1 mild, 2 insult, 3 grave, 4 danger."},
    examples=_words(20, 500),
    counter_examples=_words(20, 500),
    public={"type": "boolean", "description": "If true, customers may read the clause."},
    speaks_of=_some(schema.one_of(("audience", "brand")), 2, minItems=1, uniqueItems=True),
    covers=_some(schema.one_of(CATEGORIES), len(CATEGORIES), uniqueItems=True),
    found_by=schema.one_of(
        ("detector", "people"),
        description="With `people`, only people can recognize it, so it needs no example that the detector finds.",
    ),
)
_FORBIDDEN_WORD = schema.body("ForbiddenWord", ("words",), words=_words(20), say=schema.text(200))
_FORBIDDEN_CLAIM = schema.body("ForbiddenClaim", ("words", "clause"), words=_words(20), clause=ID)
_REQUIRED = schema.body("RequiredText", ("when", "text"), when=schema.text(60), text=schema.text(500))
VOICE = schema.body(
    "LineVoice",
    (),
    address={
        "title": "LineAddress",
        "type": "object",
        "properties": {language: schema.one_of(forms) for language, forms in FORMS.items()},
        "additionalProperties": False,
        "description": "The form of address, by language.",
    },
    signature={
        **schema.text(200),
        "description": "The ending of replies. A placeholder in braces stands for any text: `^{member.first_name}`.",
    },
    emoji_most=schema.nullable({"type": "integer", "minimum": 0, "maximum": 100}),
    forbidden_words=_some(_FORBIDDEN_WORD, 100),
    forbidden_claims=_some(_FORBIDDEN_CLAIM, 100),
    required=_some(_REQUIRED, 20),
    hashtags_never=_words(100, 100),
    links=_some(schema.text(200), 100, description="The domains to which replies may link; empty for any."),
    languages=_some(LANGUAGE, len(LANGUAGES), uniqueItems=True),
)
COMPETITOR = schema.body(
    "LineCompetitor",
    ("id", "name"),
    id=ID,
    name=schema.text(100),
    others=_words(20, 100),
    handles=_words(20, 100),
    domains=_words(20, 200),
    ambiguous={"type": "boolean", "description": "If true, the name is also an ordinary word."},
)
OWN = schema.body("LineOwn", (), names=_words(20, 100), handles=_words(20, 100), domains=_words(20, 200))
ESCALATION = schema.body(
    "LineEscalation",
    ("category", "to"),
    category=schema.one_of(CATEGORIES),
    to=_some(schema.id_of("mbr"), 20, minItems=1, uniqueItems=True),
    say=schema.text(2000),
    within_minutes={"type": "integer", "minimum": 1, "maximum": 1440},
)
LINE = schema.body(
    "EditorialLine",
    ("language",),
    language=LANGUAGE,
    summary=schema.prose(4000),
    clauses=_some(CLAUSE, 100),
    voice=VOICE,
    competitors=_some(COMPETITOR, 200),
    own=OWN,
    escalation=_some(ESCALATION, len(CATEGORIES)),
)
PARTS = schema.body("LineParts", (), **{name: part for name, part in LINE["properties"].items() if name != "clauses"})
STARTER = {
    "language": {
        **LANGUAGE,
        "default": "en",
        "description": "The language of the starter, as long as no draft is saved.",
    }
}
PLANNED = schema.body(
    "PlannedLine", ("number", "effective_at"), number={"type": "integer", "minimum": 1}, effective_at=schema.TIME
)
_WARNING = schema.body("LineWarning", ("field", "code"), field={"type": "string"}, code=schema.one_of(("ambiguous",)))
DRAFT = schema.body(
    "LineDraft",
    ("brand", "line", "version", "in_force", "planned", "warnings", "saved_by", "saved_at"),
    brand=schema.id_of("brd"),
    line=LINE,
    version={"type": "integer", "minimum": 0, "description": "The version of the draft; 0 if none is saved yet."},
    in_force={"type": ["integer", "null"], "description": "The number of the version in force; null if there is none."},
    planned=schema.nullable(PLANNED),
    warnings={"type": "array", "items": _WARNING},
    saved_by=schema.TEXT_OR_NULL,
    saved_at=schema.TIME_OR_NULL,
)
RESTORE = schema.body("LineRestore", ("number",), number={"type": "integer", "minimum": 1, "maximum": 9999})
PUBLISH = schema.body("LineToPublish", (), note=schema.prose(1000), effective_at=schema.TIME)
_HEAD = {
    "number": {"type": "integer", "minimum": 1},
    "note": schema.TEXT_OR_NULL,
    "published_by": {"type": "string"},
    "published_at": schema.TIME,
    "effective_at": schema.TIME,
}
HEAD = schema.body("LineVersionHead", tuple(_HEAD), **_HEAD)
_IDS = {"type": "array", "items": {"type": "string"}}
CHANGES = schema.body(
    "LineChanges",
    ("added", "removed", "changed", "parts"),
    added={**_IDS, "description": "The ids of clauses."},
    removed=_IDS,
    changed=_IDS,
    parts={**_IDS, "description": "The names of the other parts that differ."},
)
_SIDE = {"type": "string", "pattern": "^([1-9][0-9]{0,3}|draft)$"}
SIDES = {"from": _SIDE, "to": {**_SIDE, "default": "draft"}}
_CLAUSES = {"type": "array", "items": CLAUSE}
DIFFERENCE = schema.body(
    "LineDifference",
    ("brand", "from", "to", "added", "removed", "changed", "parts"),
    brand=schema.id_of("brd"),
    **{"from": schema.TEXT_OR_NULL, "to": {"type": "string"}},
    added=_CLAUSES,
    removed=_CLAUSES,
    changed={
        "type": "array",
        "items": schema.body("LineClauseChange", ("before", "after"), before=CLAUSE, after=CLAUSE),
    },
    parts=schema.body("LinePartsChange", ("before", "after"), before=PARTS, after=PARTS),
)
VERSION = schema.body(
    "LineVersion",
    (*_HEAD, "brand", "line", "changes"),
    **_HEAD,
    brand=schema.id_of("brd"),
    line=LINE,
    changes={**CHANGES, "description": "What this version changed compared with the one before."},
)
CHECK = schema.body(
    "TextToCheck",
    ("text",),
    text={"type": "string", "maxLength": 8000},
    surface=schema.one_of(SURFACES, description="The surface on which the text will appear; a comment by default."),
    language=LANGUAGE,
    purposes=_some(
        schema.text(60), 10, description="Purposes such as `advertising`; the line can require texts for them."
    ),
)
_PLACE = {"type": ["integer", "null"]}
FINDING = schema.body(
    "LineFinding",
    ("code", "level", "clause", "suggestion", "at", "length", "at16"),
    code={"type": "string"},
    level=schema.one_of(
        ("warn", "approval", "block"),
        description="`warn`: the finding is only shown. `approval`: somebody has to approve the reply. `block`: the "
        "reply is refused.",
    ),
    clause={**schema.TEXT_OR_NULL, "description": "The id of the clause that the text breaks."},
    suggestion={**schema.TEXT_OR_NULL, "description": "What to write instead, or the text that is missing."},
    at={**_PLACE, "description": "Where the finding begins, in code points; null if it is about the whole text."},
    length=_PLACE,
    at16={**_PLACE, "description": "Where the finding begins, in UTF-16 units, as browsers count."},
)
FINDINGS = schema.body(
    "LineFindings",
    ("version", "findings"),
    version={
        "type": ["integer", "null"],
        "description": "The version of the line; null if none is published and the draft was used.",
    },
    findings={"type": "array", "items": FINDING, "maxItems": 20},
)
