"""WhatsApp's side: the messages edge and what surrounds it, as strict as the documentation.

https://developers.facebook.com/documentation/business-messaging/whatsapp/reference
"""

import base64
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.networks._meta import double_login
from chalicelib.networks._meta.double import usage, used_up
from chalicelib.networks.double import Answer, Request, Window, number
from chalicelib.networks.whatsapp import double_profile, double_templates
from chalicelib.networks.whatsapp.double_errors import Refused, error, require
from chalicelib.networks.whatsapp.double_events import EVENTS, VOICE, WABA, new_wamid, sign

__all__ = ["CONNECTION", "EVENTS", "FAILURES", "VOICE", "answer", "posted", "sign"]

Json = Mapping[str, Any]
FILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_MEDIA = ("image", "video", "audio", "document", "sticker")
_ADDRESSED = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}
ON_THE_APP = "77"  # the last digits of a number that is also used in the app
_asked: dict[str, set[str]] = {}
_synced: dict[str, set[str]] = {}
_window = Window()


CONNECTION = {"account": "10634{n}", "credentials": {"token": "EAAB{n}whatsapp"}, "details": {"waba": "10229{n}"}}
FAILURES: Mapping[str, Answer] = {
    "expired": error(401, 190, "Error validating access token: Session has expired.", subcode=463),
    "unauthenticated": error(401, 0, "AuthException"),
    "throttled": used_up(
        error(429, 130429, "Rate limit hit", "Cloud API message throughput has been reached."), "whatsapp", WABA, 2
    ),
    "app_throttled": error(400, 4, "Application request limit reached"),
    "account_throttled": used_up(error(400, 80007, "Rate limit issues"), "whatsapp", WABA, 11),
    "pair_throttled": error(400, 131056, "(Business Account, Consumer Account) pair rate limit hit"),
    "spam": error(400, 131048, "Spam rate limit hit"),
    "window_closed": error(400, 131047, "Re-engagement message", "More than 24 hours have passed since they replied."),
    "gone": error(400, 131026, "Message undeliverable"),
    "opted_out": error(400, 131050, "User has stopped marketing messages from this business"),
    "experiment": error(400, 130472, "User's number is part of an experiment"),
    "ecosystem": error(400, 131049, "Not delivered to maintain healthy ecosystem engagement."),
    "self": error(400, 131021, "Sender and recipient phone number is the same"),
    "rejected": error(400, 131009, "Parameter value is not valid"),
    "no_permission": error(403, 10, "Application does not have permission for this action"),
    "no_such_number": error(400, 100, "Object with that id does not exist or cannot be loaded.", subcode=33),
    "template_missing": error(404, 132001, "Template name does not exist in the translation"),
    "template_paused": error(400, 132015, "Template is paused"),
    "username_only": error(400, 131062, "Business-scoped user ids cannot be sent authentication templates"),
    "payment": error(400, 131042, "Business eligibility payment issue"),
    "locked": error(403, 131031, "Business account has been locked"),
    "restricted": error(403, 368, "Temporarily blocked for policies violations"),
    "unregistered": error(400, 133010, "Phone number not registered"),
    "unavailable": error(503, 131016, "Service unavailable"),
    "unknown_error": error(500, 131000, "Something went wrong"),
    "maintenance": error(500, 131057, "Account in maintenance mode"),
    "overloaded": error(503, 2, "API Service"),
    "broken": Answer(502, raw=b"<html>Bad Gateway</html>", content_type="text/html"),
    "silent": Answer(200, {"messaging_product": "whatsapp"}),
    "unlimited": Answer(200, {"whatsapp_business_manager_messaging_limit": "TIER_UNLIMITED"}),
    "not_theirs": Answer(200, {"data": []}),
}


def answer(request: Request) -> Answer:
    if played := double_login.answer(request):
        return played
    if not re.fullmatch(r"[A-Za-z0-9._|-]{6,}", request.token):
        return error(401, 190, "Invalid OAuth access token - Cannot parse access token")
    if request.host == "lookaside.fbsbx.com" and request.method == "GET":
        known = request.headers.get("user-agent") and request.query.get("mid")
        return Answer(raw=FILE, content_type="image/png") if known else Answer(404, raw=b"", content_type="text/plain")
    version, _, path = request.path.removeprefix("/").partition("/")
    try:
        require(request.host == "graph.facebook.com" and re.fullmatch(r"v2[5-9]\.0", version), "Unknown path")
        require(re.fullmatch(r"[0-9a-f]{64}", request.query.get("appsecret_proof", "0" * 64)), "Invalid proof")
        for method, pattern, play in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                return Answer(json=play(request, match[1]), headers=usage("whatsapp", WABA))
        raise Refused(100, f"Unsupported {request.method.lower()} request.", 33)
    except Refused as refused:
        return refused.answer
    except (AttributeError, KeyError, TypeError):
        return error(400, 100, "Invalid parameter")


def _messages(request: Request, account: str) -> Json:
    body = request.json
    require(body.get("messaging_product") == "whatsapp", "The parameter messaging_product is required.")
    if "status" in body:
        return _read(body)
    person = _addressee(body)
    kind = body["type"]
    require(set(body) <= {*_ADDRESSED, kind}, "Unexpected key")
    require(kind in _CONTENTS, "Param type must be one of its values")
    _CONTENTS[kind](body[kind])
    require("context" not in body or _wamid(body["context"]["message_id"]), "Param context is not valid", 131009)
    require(len(body.get("biz_opaque_callback_data", "")) <= 512, "Param biz_opaque_callback_data is too long")
    if kind != "template" and _window.is_closed(account, person.get("wa_id") or person["user_id"]):
        late = FAILURES["window_closed"].json["error"]
        raise Refused(late["code"], "Re-engagement message", details=late["error_data"]["details"])
    return {"messaging_product": "whatsapp", "contacts": [person], "messages": [{"id": new_wamid()}]}


def posted(payload: Json) -> None:
    """A person's message opens their window, under their number and under their id."""
    for entry in payload["entry"]:
        for change in entry["changes"]:
            double_templates.posted(entry["id"], change["field"], change["value"])
            for message in change["value"].get("messages", ()):
                for name in ("from", "from_user_id"):
                    account = change["value"]["metadata"]["phone_number_id"]
                    _window.opens(account, message.get(name, ""), int(message["timestamp"]))


def _addressee(body: Json) -> Json:
    require(body.get("recipient_type", "individual") == "individual", "Param recipient_type must be individual")
    require("to" in body or "recipient" in body, "The parameter to is required.")
    if "to" in body:
        require(re.fullmatch(r"\+?\d{7,15}", body["to"]), "Recipient phone number is not valid", 131009)
        return {"input": body["to"], "wa_id": body["to"].removeprefix("+")}
    require(re.fullmatch(r"([A-Z]{2}|user)\.(ENT\.)?[A-Za-z0-9.]{1,128}", body["recipient"]), "Not a user id", 131009)
    return {"input": body["recipient"], "user_id": body["recipient"]}


def _read(body: Json) -> Json:
    require(set(body) <= {"messaging_product", "status", "message_id", "typing_indicator"}, "Unexpected key")
    require(body["status"] == "read" and _wamid(body["message_id"]), "Invalid message id", 131009)
    require(body.get("typing_indicator", {"type": "text"}) == {"type": "text"}, "Param typing_indicator is not valid")
    return {"success": True}


def _text(content: Json) -> None:
    require(set(content) <= {"body", "preview_url"}, "Unexpected key")
    require(0 < len(content["body"]) <= 4096, "Param text['body'] must be 1 to 4096 characters long.")
    require(isinstance(content.get("preview_url", False), bool), "Param text['preview_url'] is a boolean")


def _media(kind: str, content: Json) -> None:
    optional = {"document": {"caption", "filename"}, "image": {"caption"}, "video": {"caption"}}.get(kind, set())
    require(set(content) <= {"link", "id", *optional}, f"Unexpected key of {kind}")
    require(("link" in content) != ("id" in content), "One of id and link is required.", 131008)
    require(re.match(r"https?://[^/\s]+/", content.get("link", "https://x/")), "Param link is not a URL", 131009)
    require(0 < len(content.get("caption", "x")) <= 1024, "Param caption must be 1 to 1024 characters long.", 131009)


def _upload(request: Request, account: str) -> Json:
    body = request.json
    require(set(body) == {"messaging_product", "type", "file"}, "The parameters file and type are required.")
    require(body["file"]["type"] == body["type"], "Param file must be of that type")
    return {"id": str(10**14 + number())}


def _template(content: Json) -> None:
    require(set(content) <= {"name", "language", "components", "namespace"}, "Unexpected key of template")
    require(re.fullmatch(r"[a-z0-9_]{1,512}", content["name"]), "Template name is not valid", 132001)
    require(re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", content["language"]["code"]), "Not a language", 132001)
    for part in content.get("components", []):
        require(part["type"] in ("header", "body", "button", "carousel"), "Unknown component", 132012)
        require(part["type"] != "button" or {"sub_type", "index"} <= set(part), "A button has an index", 132012)


def _interactive(content: Json) -> None:
    require(0 < len(content["body"]["text"]) <= (1024 if content["type"] == "button" else 4096), "Body is too long")
    action, is_list = content["action"], content["type"] == "list"
    if is_list:
        require(0 < len(action["button"]) <= 20, "Button is 1 to 20 characters", 131009)
        require(len(action["sections"]) == 1, "A section has a title if there are several", 131009)
    options = action["sections"][0]["rows"] if is_list else [button["reply"] for button in action["buttons"]]
    require(0 < len(options) <= (10 if is_list else 3), "Too many options", 131009)
    require(len({option["id"] for option in options}) == len(options), "Ids must be unique", 131009)
    for option in options:
        require(0 < len(option["title"]) <= (24 if is_list else 20), "Title is too long", 131009)
        require(0 < len(option["id"]) <= (200 if is_list else 256), "Id is too long", 131009)
        require(len(option.get("description", "")) <= 72, "Description is too long", 131009)


def _reaction(content: Json) -> None:
    require(set(content) == {"message_id", "emoji"}, "The parameters message_id and emoji are required.", 131008)
    require(_wamid(content["message_id"]), "Invalid message id", 131009)
    require((len(content["emoji"]) <= 12 and not content["emoji"].isascii()) or content["emoji"] == "", "Not an emoji")


_CONTENTS: Mapping[str, Callable[[Json], None]] = {
    **{kind: partial(_media, kind) for kind in _MEDIA},
    "text": _text,
    "template": _template,
    "reaction": _reaction,
    "interactive": _interactive,
}


def _number(request: Request, account: str) -> Json:
    """Numbers and files have the same path: only a call for a number has `fields`."""
    if "fields" not in request.query:
        mid = f"mid={request.path.rpartition('/')[2]}&ext={int(time.time()) + 300}"
        place = f"http://{request.headers['host']}/{request.network}/lookaside.fbsbx.com"
        url = f"{place}/whatsapp_business/attachments/?{mid}"
        size = len(FILE)
        return {"messaging_product": "whatsapp", "id": account, "url": url, "mime_type": "image/png", "file_size": size}
    _asked.setdefault(request.token, set()).add(account)
    shown = {"display_phone_number": "+1 555-078-3881", "verified_name": "Lucky Shrub"}
    on_app = {"is_on_biz_app": account.endswith(ON_THE_APP), "platform_type": "CLOUD_API"}
    limit = {"whatsapp_business_manager_messaging_limit": "TIER_2K"}
    fields = request.query["fields"]
    return {
        "id": account, **shown,
        **(on_app if "is_on_biz_app" in fields else {}), **(limit if "messaging_limit" in fields else {}),
    }  # fmt: skip


def _sync(request: Request, account: str) -> Json:
    """Works once for each kind, and only for a number that is also used in the app."""
    body = request.json
    require(set(body) == {"messaging_product", "sync_type"}, "Unexpected key")
    require(body["messaging_product"] == "whatsapp", "The parameter messaging_product is required.")
    require(body["sync_type"] in ("smb_app_state_sync", "history"), "Param sync_type must be one of its values")
    require(account.endswith(ON_THE_APP), "The number is not on the app", 131009)
    require(body["sync_type"] not in _synced.setdefault(account, set()), "It was synchronized before", 131009)
    _synced[account].add(body["sync_type"])
    return {"messaging_product": "whatsapp", "request_id": f"{number():032x}"}


def _numbers(request: Request, waba: str) -> Json:
    """The numbers that were asked for with the token; a token of the consent page has one in each business account."""
    granted = {f"10{waba}"} if double_login.is_granted(request.token) else set()
    numbers = {*_asked.get(request.token, ()), *granted}
    shown = {"display_phone_number": "+49 151 1", "verified_name": "Bella Pasta"}
    return {"data": [{"id": account, **shown} for account in sorted(numbers)]}


def _done(request: Request, waba: str) -> Json:
    return {"success": True}


def _subscribe(request: Request, waba: str) -> Json:
    double_login.subscribe("whatsapp", waba, "messages")
    return {"success": True}


_ROUTES: tuple[tuple[str, str, Callable[[Request, str], Json]], ...] = (
    *double_templates.ROUTES,
    *double_profile.ROUTES,
    ("POST", r"([\w-]+)/messages", _messages),
    ("POST", r"([\w-]+)/media", _upload),
    ("POST", r"([\w-]+)/smb_app_data", _sync),
    ("GET", r"([\w-]+)", _number),
    ("GET", r"([\w-]+)/phone_numbers", _numbers),
    ("POST", r"([\w-]+)/subscribed_apps", _subscribe),
    ("GET", r"([\w-]+)/subscribed_apps", lambda request, waba: double_login.subscribed("whatsapp", waba)),
    ("DELETE", r"([\w-]+)/subscribed_apps", _done),
)


def _wamid(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("wamid.")
