"""What WhatsApp posts: a value is cut into values that tell one thing each, which the tables below read.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from chalicelib.networks import base, read
from chalicelib.networks._meta import envelope
from chalicelib.networks._meta.envelope import Item
from chalicelib.networks.base import AccountEvent, Delete, Edit, Json, Moved, Person, Profile, Reaction, ThreadEvent
from chalicelib.networks.read import identity, millis, pick, words
from chalicelib.networks.whatsapp import account

FROM = ("from", "from_user_id", "from_parent_user_id")
TO = ("to", "to_user_id", "to_parent_user_id")
RECIPIENT = ("recipient_id", "recipient_user_id", "recipient_parent_user_id")
SELF = ("wa_id", "user_id", "parent_user_id")
STATUSES = {**{status: status for status in get_args(base.ReceiptStatus)}, "played": "read"}
FILES = {"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "sticker"}
OTHERS = {"location": "location", "contacts": "contact", "order": "order", "media_placeholder": "unsupported"}
PRESSED = ("button", "interactive")
# what an attachment has a field of its own for; the rest of it is kept as it came
_FIELDS = ("id", "mime_type", "filename", "caption", "text", "url")
_REFERRAL = ("source_url", "source_type", "source_id", "headline", "body", "media_type", "ctwa_clid")
_PICTURES = ("image_url", "video_url", "thumbnail_url")
_VARIANTS = re.compile(r"(55\d\d)9(\d{8})|(54)9(\d{10})|(52)1(\d{10})")


def canonical(number: str) -> str:
    """One thread key for a mobile of Brazil, Argentina or Mexico, which is written with or without an extra digit."""
    variant = _VARIANTS.fullmatch(number)
    return "".join(filter(None, variant.groups())) if variant else number


def parse(payload: Json) -> list[base.Inbound]:
    found = envelope.inbounds(payload, "whatsapp_business_account", _read, _cut)
    return [replace(inbound, account=_owner(inbound)) for inbound in found]


def _owner(inbound: base.Inbound) -> str:
    """The number, or the business account when it is about that; events of partners name the client's apart."""
    try:
        value = inbound.raw["entry"][0]["changes"][0]["value"]
        number, waba = _first(value.get("metadata"), "phone_number_id"), _first(value.get("waba_info"), "waba_id")
    except read.UNREADABLE:
        number, waba = "", ""
    return number or (f"waba:{waba or inbound.account}" if inbound.account else "")


def _cut(field: str, value: Json) -> Iterator[Json]:
    found = [
        (name, one) for name in LISTS.get(field, ()) for given in _list(value, name) for one in _pieces(name, given)
    ]
    common = {name: value[name] for name in ("messaging_product", "metadata") if name in value}
    for name, one in found:
        contacts = [contact for contact in _list(value, "contacts") if _ids(contact) & _ids(one)]
        yield {**common, **({"contacts": contacts} if contacts else {}), name: [one]}
    if not found:
        yield value


def _pieces(name: str, given: Any) -> list[Any]:
    """A chunk of history holds threads of messages, or errors."""
    if name != "history":
        return [given]
    threads = [thread if isinstance(thread, dict) else {} for thread in _list(given, "threads")]
    said = [{"threads": [{**thread, "messages": [one]}]} for thread in threads for one in _list(thread, "messages")]
    return said + [{"errors": [error]} for error in _list(given, "errors")] or [given]


def _read(item: Item) -> base.Event:
    for name, read_list in LISTS.get(item.field, {}).items():
        if item.value.get(name):
            return read_list(item, item.value[name][0])
    return account.state(item) if item.field in account.STATES else base.Unhandled(reason=account.code(item.field))


def _message(item: Item, one: Json, direction: base.Direction = "in") -> base.Event:
    ours = re.sub(r"\D", "", words(item.value["metadata"].get("display_phone_number")))
    direction = "out" if ours and words(one.get("from")) == ours else direction
    theirs = TO if direction == "out" and words(one.get("to")) != ours else FROM
    if one.get("group_id"):
        return base.Unhandled(reason="group")
    # who has no number is told of by the previous id alone when the id changes
    person = _person(item.value, pick(one.get("system"), "previous_user_id") | dict(one), *theirs, "previous_user_id")
    where: dict[str, Any] = {"thread": canonical(person.id), "at": millis(one.get("timestamp"))}
    if one["type"] in HAPPENED:
        return HAPPENED[one["type"]](where, one, person if direction == "in" else Person(id=identity(ours)))
    where |= {"id": identity(one["id"]), "direction": direction, "person": person}
    return base.Message(**where, reply_to=_first(one.get("context"), "id"), context=_context(one), **_content(one))


def _given(one: Json) -> Any:
    given = one.get(one["type"], {})
    return given.get(given.get("type")) or {} if one["type"] == "interactive" else given


def _content(one: Json) -> dict[str, Any]:
    kind, given = one["type"], _given(one)
    text = _first(given, "body", "caption", "title", "text")
    if kind in PRESSED:
        return {"text": text, "kind": "postback"}
    if kind in FILES:
        return {"text": text, "attachments": (_attachment(FILES[kind], given, media=identity(given["id"])),)}
    if kind in OTHERS:
        told = given if kind == "contacts" else [given]
        return {"text": text, "attachments": tuple(_attachment(OTHERS[kind], each) for each in told)}
    return {"text": text} if kind == "text" and text else {"kind": "unsupported"}


def _attachment(kind: Any, given: Json, media: str = "") -> base.Attachment:
    return base.Attachment(
        kind=kind,
        media=media,
        url="" if media else words(given.get("url")),
        mime=words(given.get("mime_type")),
        name=words(given.get("filename")),
        title=words(given.get("name")) or _first(given.get("name"), "formatted_name"),
        expires=media != "",
        details={name: value for name, value in given.items() if name not in _FIELDS},
    )


def _context(one: Json) -> Json:
    quoted, given = one.get("context") or {}, _given(one)
    found: dict[str, Any] = {name: "true" for name in ("forwarded", "frequently_forwarded") if quoted.get(name) is True}
    found["product"] = pick(quoted.get("referred_product"), "catalog_id", "product_retailer_id")
    found["referral"] = pick(one.get("referral"), *_REFERRAL, *_PICTURES)
    found["status"] = _first(one.get("history_context"), "status").lower()
    if one["type"] in PRESSED:
        found["payload"] = _first(given, "payload", "id", "response_json")
        found |= pick(given, "description", "response")
    elif one["type"] not in (*FILES, *OTHERS, "text"):
        found |= {**pick(one, "type"), **pick(given, "type"), **pick(_one(one, "errors"), "code")}
    return {name: value for name, value in found.items() if value}


def _system(where: dict[str, Any], one: Json, person: Person) -> base.Event:
    told = one["system"]
    if told["type"] not in ("user_changed_number", "user_changed_user_id"):
        context = {**pick(told, "type", "body"), **pick(one.get("identity"), "hash")}
        return ThreadEvent(**where, name=account.code(told["type"]), person=person, context=context)
    first, *others = pick(told, "wa_id", "new_wa_id", "user_id", "parent_user_id").values()
    if told["type"] == "user_changed_user_id" and person.phone:
        return Profile(person=replace(person, aliases=(*person.aliases, first, *others)), at=where["at"])
    return Moved(old=where["thread"], new=canonical(first), at=where["at"])


def _edit(where: dict[str, Any], one: Json, by: Person) -> base.Event:
    new = _content(one["edit"]["message"])
    original = identity(one["edit"]["original_message_id"])
    return Edit(**where, id=original, text=new["text"], attachments=new.get("attachments"))


HAPPENED: Mapping[str, Callable[[dict[str, Any], Json, Person], base.Event]] = {
    "reaction": lambda where, one, by: Reaction(
        **where, id=identity(one["reaction"]["message_id"]), by=by, emoji=words(one["reaction"].get("emoji"))
    ),
    "edit": _edit,
    "revoke": lambda where, one, by: Delete(**where, ids=(identity(one["revoke"]["original_message_id"]),)),
    "request_welcome": lambda where, one, by: ThreadEvent(**where, name="welcome", person=by),
    "ephemeral": lambda where, one, by: base.Unhandled(reason="ephemeral"),
    "system": _system,
}


def _history(item: Item, one: Json) -> base.Event:
    error, thread = _one(one, "errors"), _one(one, "threads")
    if error:
        return AccountEvent(name="history.refused", at=item.time, detail=_why(error))
    if not _one(thread, "messages"):
        return base.Unhandled(reason="history")
    said = _message(item, {"to": thread["id"], **_one(thread, "messages")})
    return replace(said, history=True) if isinstance(said, base.Message) else said


def _late(item: Item, one: Json, direction: base.Direction = "in") -> base.Event:
    """The file of old media comes after the message that announced it, under its id and time."""
    said = _message(item, one, direction)
    if not isinstance(said, base.Message):
        return said
    files = said.attachments
    return Edit(thread=said.thread, id=said.id, at=said.at, created=said.at, text=said.text, attachments=files)


def _status(item: Item, one: Json) -> base.Event:
    if one.get("recipient_type") == "group" or one["status"] not in STATUSES:
        return base.Unhandled(reason="group" if one.get("recipient_type") == "group" else "status")
    error = _one(one, "errors")
    return base.Receipt(
        thread=canonical(_person(item.value, one, *RECIPIENT).id),
        id=identity(one["id"]),
        status=STATUSES[one["status"]],
        at=millis(one.get("timestamp")),
        code=_first(error, "code"),
        error=_why(error),
        correlation=words(one.get("biz_opaque_callback_data")),
    )


def _error(item: Item, one: Json) -> base.Event:
    return AccountEvent(name="error", at=item.time, health="alert", detail=f"{identity(one['code'])} {_why(one)}")


def _address_book(item: Item, one: Json) -> base.Event:
    person = _person(item.value, one["contact"], "phone_number", "user_id", "parent_user_id")
    named = replace(person, name=_first(one["contact"], "full_name", "first_name"))
    return Profile(person=named, at=millis(one["metadata"].get("timestamp")), context=pick(one, "action"))


def _preference(item: Item, one: Json) -> base.Event:
    context = {"opted_out": {"stop": True, "resume": False}[one["value"]], **pick(one, "category")}
    return Profile(person=_person(item.value, one, *SELF), at=millis(one.get("timestamp")), context=context)


LISTS: Mapping[str, Mapping[str, Callable[[Item, Json], base.Event]]] = {
    "messages": {"messages": _message, "statuses": _status, "errors": _error},
    "smb_message_echoes": {"message_echoes": lambda item, one: _message(item, one, "out")},
    "history": {"history": _history, "messages": _late, "message_echoes": lambda item, one: _late(item, one, "out")},
    "smb_app_state_sync": {"state_sync": _address_book},
    "user_preferences": {"user_preferences": _preference},
}


def _person(value: Json, one: Json, *names: str) -> Person:
    """Who has the ids under `names`, number first, with the one contact that `_cut` left beside them."""
    ids = [identity(one[name]) for name in names if one.get(name)]
    contact = _one(value, "contacts")
    first, *others = dict.fromkeys((*pick(contact, "wa_id").values(), *ids, *pick(contact, *SELF).values()))
    return Person(
        id=first,
        name=_first(contact.get("profile"), "name"),
        username=_first(contact.get("profile"), "username").removeprefix("@"),
        phone=f"+{first}" if first.isdecimal() else "",
        aliases=tuple(one for one in dict.fromkeys((*others, canonical(first))) if one != first),
    )


def _ids(one: Any) -> set[str]:
    return {canonical(found) for found in pick(one, *FROM, *TO, *RECIPIENT, *SELF).values()}


def _why(error: Json) -> str:
    return _first(error.get("error_data"), "details") or _first(error, "message", "title")


def _first(value: Any, *names: str) -> str:
    return next(iter(pick(value, *names).values()), "")


def _list(value: Any, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else [] if found is None else [found]


def _one(value: Any, name: str) -> Any:
    return next(iter(_list(value, name)), {})
