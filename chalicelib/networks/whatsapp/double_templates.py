"""WhatsApp's side of templates: what an account has, and what it takes, as strict as the documentation.

Each account begins with the template that WhatsApp gives to every account. What is handed in is pending until a webhook
that is posted from here says otherwise; a name that ends in `_at_once` is approved at once.
https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-account/template-api
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from chalicelib.networks.double import Request, number
from chalicelib.networks.whatsapp.double_errors import require

Json = Mapping[str, Any]
_SAMPLE = {
    "name": "hello_world", "language": "en_US", "category": "UTILITY", "status": "APPROVED",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
        {"type": "BODY", "text": "Welcome and congratulations!! This message demonstrates your ability to send one."},
        {"type": "FOOTER", "text": "WhatsApp Business Platform sample message"},
    ],
}  # fmt: skip
_accounts: dict[str, dict[str, dict[str, Any]]] = {}  # by business account, and then by the template's id
_LONGEST = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
_PAGE = 100
_sessions: dict[str, int] = {}  # how long the file of each upload is to be
_handles: set[str] = set()
STATUSES = {"UNPAUSED": "APPROVED", "REINSTATED": "APPROVED", "FLAGGED": "APPROVED"}


def _templates_of(waba: str) -> dict[str, dict[str, Any]]:
    first = str(10**15 + crc32(waba.encode()))
    return _accounts.setdefault(waba, {first: {"id": first, **_SAMPLE}})


def _listed(request: Request, waba: str) -> Json:
    query = request.query
    require(set(query) <= {"fields", "limit", "after", "appsecret_proof"}, "Unknown parameter")
    shown = list(_templates_of(waba).values())
    start, limit = int(query.get("after") or 0), min(int(query.get("limit") or 25), _PAGE)
    page = shown[start : start + limit]
    fields = {"id", *query.get("fields", "name,status,category,language,components").split(",")}
    cursors: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(page))}}
    more = {"next": "https://graph.facebook.com/next"} if start + limit < len(shown) else {}
    data = [{name: value for name, value in template.items() if name in fields} for template in page]
    return {"data": data, "paging": cursors | more}


def _new(request: Request, waba: str) -> Json:
    body, known = request.json, _templates_of(waba)
    require(set(body) <= {"name", "language", "category", "components", "parameter_format"}, "Unexpected key")
    require(re.fullmatch(r"[a-z0-9_]{1,512}", body["name"]), "Param name must be lower case letters and digits")
    require(re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2,3})?", body["language"]), "Param language is not valid")
    is_there = any(
        (template["name"], template["language"]) == (body["name"], body["language"]) for template in known.values()
    )
    require(not is_there, "Content in this language already exists", subcode=2388024)
    _check(body, body.get("parameter_format", "POSITIONAL"))
    id = str(16 * 10**14 + number())
    status = "APPROVED" if body["name"].endswith("_at_once") else "PENDING"
    known[id] = {"id": id, "status": status, **body}
    return {"id": id, "status": status, "category": body["category"]}


def _change(request: Request, id: str) -> Json:
    body = request.json
    template = next((known[id] for known in _accounts.values() if id in known), None)
    require(template is not None, "Object does not exist or cannot be loaded.", subcode=33)
    require(set(body) <= {"category", "components"}, "Unexpected key")
    if template is not None:
        require(template["status"] in ("REJECTED", "PAUSED", "APPROVED"), "It cannot be edited now", subcode=2388025)
        _check({**template, **body}, template.get("parameter_format", "POSITIONAL"))
        template |= {**body, "status": "PENDING"}
    return {"success": True}


def _retire(request: Request, waba: str) -> Json:
    query, known = request.query, _templates_of(waba)
    require(query.get("name"), "The parameter name is required.")
    named = {id: template for id, template in known.items() if template["name"] == query["name"]}
    gone = [id for id in named if query.get("hsm_id", id) == id]
    require(gone, "Message template does not exist", subcode=2593002)
    for id in gone:
        del known[id]
    return {"success": True}


def _check(body: Json, format: str) -> None:
    require(body["category"] in ("MARKETING", "UTILITY", "AUTHENTICATION"), "Param category must be one of its values")
    kinds = [component["type"] for component in body["components"]]
    require(kinds.count("BODY") == 1 and len(set(kinds)) == len(kinds), "A template has one body")
    require(set(kinds) <= {"HEADER", "BODY", "FOOTER", "BUTTONS"}, "Unknown component")
    for component in body["components"]:
        if component["type"] == "BUTTONS":
            require(0 < len(component["buttons"]) <= 10, "From 1 to 10 buttons")
            require(all(0 < len(button.get("text", "x")) <= 25 for button in component["buttons"]), "Text is too long")
        elif component.get("format", "TEXT") == "TEXT":
            require(0 < len(component["text"]) <= _LONGEST[component["type"]], "Text is too long")
            _check_variables(component, format)
        elif component["format"] in ("IMAGE", "VIDEO", "DOCUMENT"):
            [handle] = component["example"]["header_handle"]
            require(handle in _handles, "Invalid parameter: header_handle", subcode=2494102)


def _check_variables(component: Json, format: str) -> None:
    names = re.findall(r"{{\s*(\w+)\s*}}", component["text"])
    if names:
        is_named = not all(name.isdecimal() for name in names)
        require(is_named == (format == "NAMED"), "Variables are not of the parameter_format")
        require(component.get("example"), "Component is missing expected field(s) (example)", subcode=2388043)


def posted(waba: str, field: str, value: Json) -> None:
    """Changes the template as a webhook about it says."""
    if field == "message_template_status_update":
        template = _templates_of(waba).get(str(value["message_template_id"]), {})
        template["status"] = STATUSES.get(value["event"], value["event"])
    if field == "message_template_components_update":
        template = _templates_of(waba).get(str(value["message_template_id"]), {})
        template["components"] = [{"type": "BODY", "text": value["message_template_element"]}]


def _upload(request: Request, _app: str) -> Json:
    """https://developers.facebook.com/docs/graph-api/guides/upload"""
    require(set(request.query) <= {"file_name", "file_length", "file_type", "appsecret_proof"}, "Unknown parameter")
    require(int(request.query["file_length"]) > 0, "Param file_length must be greater than 0")
    session = f"upload:{number()}"
    _sessions[session] = int(request.query["file_length"])
    return {"id": f"{session}?sig=ARZ{number()}"}


def _file(request: Request, session: str) -> Json:
    require(request.headers.get("authorization", "").startswith("OAuth "), "Invalid OAuth access token")
    require(request.headers.get("file_offset") == "0" and request.query["sig"].startswith("ARZ"), "Invalid parameter")
    require(_sessions.get(session) == len(request.raw), "The file is not as long as it was said to be")
    handle = f"4::{number()}"
    _handles.add(handle)
    return {"h": handle}


ROUTES: tuple[tuple[str, str, Callable[[Request, str], Json]], ...] = (
    ("GET", r"([\w-]+)/message_templates", _listed),
    ("POST", r"([\w-]+)/message_templates", _new),
    ("DELETE", r"([\w-]+)/message_templates", _retire),
    ("POST", r"(\d+)", _change),
    ("POST", "(app)/uploads", _upload),
    ("POST", r"(upload:\d+)", _file),
)
