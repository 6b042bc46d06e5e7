"""Turns WhatsApp's webhook into events: `_cut` makes values with one entry each, which the tables below read.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from chalicelib.networks import base, read
from chalicelib.networks._meta import envelope
from chalicelib.networks._meta.envelope import Item
from chalicelib.networks.base import AccountEvent, Delete, Edit, Json, Moved, Person, Profile, Reaction, ThreadEvent
from chalicelib.networks.read import identity, millis, pick, words
from chalicelib.networks.whatsapp import account
from chalicelib.networks.whatsapp.content import context_of, text_and_files, type_of
from chalicelib.networks.whatsapp.readers import first_item, first_text, items, json_object

FROM = ("from", "from_user_id", "from_parent_user_id")
TO = ("to", "to_user_id", "to_parent_user_id")
RECIPIENT = ("recipient_id", "recipient_user_id", "recipient_parent_user_id")
SELF = ("wa_id", "user_id", "parent_user_id")
STATUSES = {**{status: status for status in get_args(base.ReceiptStatus)}, "played": "read"}
_VARIANTS = re.compile(r"(55\d\d)9(\d{8})|(54)9(\d{10})|(52)1(\d{10})")


def canonical(number: str) -> str:
    """The number without the extra digit with which mobiles of Brazil, Argentina and Mexico are sometimes written."""
    variant = _VARIANTS.fullmatch(number)
    return "".join(filter(None, variant.groups())) if variant else number


def parse(payload: Json) -> list[base.Inbound]:
    inbounds = envelope.inbounds(payload, "whatsapp_business_account", _read, _cut)
    return [replace(inbound, account=_owner(inbound)) for inbound in inbounds]


def _owner(inbound: base.Inbound) -> str:
    """The number's id, or `waba:{id}` for an event of the business account; a partner's events name their client's."""
    try:
        value = inbound.raw["entry"][0]["changes"][0]["value"]
        number = first_text(value.get("metadata"), "phone_number_id")
        waba = first_text(value.get("waba_info"), "waba_id")
    except read.UNREADABLE:
        number, waba = "", ""
    return number or (f"waba:{waba or inbound.account}" if inbound.account else "")


def _cut(field: str, value: Json) -> Iterator[Json]:
    pieces = [
        (name, piece) for name in LISTS.get(field, ()) for entry in items(value, name) for piece in _pieces(name, entry)
    ]
    common = {name: value[name] for name in ("messaging_product", "metadata") if name in value}
    for name, piece in pieces:
        contacts = _contacts(value, piece, [other for _, other in pieces])
        yield {**common, **({"contacts": contacts} if contacts else {}), name: [piece]}
    if not pieces:
        yield value


def _contacts(value: Json, piece: Any, pieces: list[Any]) -> Sequence[Json]:
    """The contact with an id of the piece; failing that the only contact there is, if all pieces are one person's."""
    contacts = [contact for contact in items(value, "contacts") if isinstance(contact, dict)]
    own = [contact for contact in contacts if _ids(contact) & _ids(piece)]
    is_only = len(contacts) == 1 and all(_ids(other) == _ids(piece) for other in pieces)
    return own or (contacts if is_only else [])


def _pieces(name: str, entry: Any) -> list[Any]:
    """The entry itself; for a chunk of history, one per message of its threads and one per error."""
    if name != "history":
        return [entry]
    threads = [thread if isinstance(thread, dict) else {} for thread in items(entry, "threads")]
    messages = [
        {"threads": [{**thread, "messages": [message]}]} for thread in threads for message in items(thread, "messages")
    ]
    return messages + [{"errors": [error]} for error in items(entry, "errors")] or [entry]


def _read(item: Item) -> base.Event:
    for name, read_list in LISTS.get(item.field, {}).items():
        if item.value.get(name):
            return read_list(item, item.value[name][0])
    return account.state(item) if item.field in account.FIELDS else base.Unhandled(reason=account.code(item.field))


def _message(item: Item, message: Json, direction: base.Direction = "in") -> base.Event:
    ours = re.sub(r"\D", "", words(item.value["metadata"].get("display_phone_number")))
    direction = "out" if ours and words(message.get("from")) == ours else direction
    message = {**message, "type": type_of(message, HAPPENED)}
    theirs = TO if direction == "out" and words(message.get("to")) != ours else FROM
    if message.get("group_id"):
        return base.Unhandled(reason="group")
    # If the id of a person without a number changes, the previous id is all that names them.
    person = _person(
        item.value, pick(message.get("system"), "previous_user_id") | dict(message), *theirs, "previous_user_id"
    )
    where: dict[str, Any] = {"thread": canonical(person.id), "at": millis(message.get("timestamp")) or item.time}
    if message["type"] in HAPPENED:
        us = Person(id=ours or identity(item.value["metadata"]["phone_number_id"]))
        return HAPPENED[message["type"]](where, message, person if direction == "in" else us)
    where |= {"id": identity(message["id"]), "direction": direction, "person": person}
    return base.Message(
        **where,
        exact=millis(message.get("timestamp")) > 0,
        reply_to=first_text(message.get("context"), "id"),
        context=context_of(message),
        **text_and_files(message),
    )


def _system(where: dict[str, Any], message: Json, person: Person) -> base.Event:
    system = message["system"]
    if system["type"] not in ("user_changed_number", "user_changed_user_id"):
        context = {**pick(system, "type", "body"), **pick(message.get("identity"), "hash")}
        return ThreadEvent(**where, name=account.code(system["type"]), person=person, context=context)
    first, *others = pick(system, "wa_id", "new_wa_id", "user_id", "parent_user_id").values()
    if system["type"] == "user_changed_user_id" and person.phone:
        return Profile(person=replace(person, aliases=(*person.aliases, first, *others)), at=where["at"])
    return Moved(old=where["thread"], new=canonical(first), at=where["at"])


def _edit(where: dict[str, Any], message: Json, by: Person) -> base.Event:
    new = text_and_files(message["edit"]["message"])
    original = identity(message["edit"]["original_message_id"])
    return Edit(**where, id=original, text=new["text"], attachments=new.get("attachments"))


HAPPENED: Mapping[str, Callable[[dict[str, Any], Json, Person], base.Event]] = {
    "reaction": lambda where, message, by: Reaction(
        **where, id=identity(message["reaction"]["message_id"]), by=by, emoji=words(message["reaction"].get("emoji"))
    ),
    "edit": _edit,
    "revoke": lambda where, message, by: Delete(**where, ids=(identity(message["revoke"]["original_message_id"]),)),
    "request_welcome": lambda where, message, by: ThreadEvent(**where, name="welcome", person=by),
    "ephemeral": lambda where, message, by: base.Unhandled(reason="ephemeral"),
    "system": _system,
}


def _history(item: Item, chunk: Json) -> base.Event:
    error, thread = first_item(chunk, "errors"), first_item(chunk, "threads")
    if error:
        return AccountEvent(name="history.refused", at=item.time, detail=_why(error))
    messages = items(thread, "messages")
    if not messages:
        return base.Unhandled(reason="history")
    whose = {"to": thread["id"]} if "id" in thread else {}
    event = _message(item, {**whose, **messages[0]})
    return replace(event, history=True) if isinstance(event, base.Message) else event


def _late(item: Item, message: Json, direction: base.Direction = "in") -> base.Event:
    """The file of an imported message comes later than the message, with the same id and time."""
    event = _message(item, message, direction)
    if not isinstance(event, base.Message):
        return event
    files = event.attachments
    return Edit(thread=event.thread, id=event.id, at=event.at, created=event.at, text=event.text, attachments=files)


def _status(item: Item, status: Json) -> base.Event:
    if status.get("recipient_type") == "group" or status["status"] not in STATUSES:
        return base.Unhandled(reason="group" if status.get("recipient_type") == "group" else "status")
    error = first_item(status, "errors")
    return base.Receipt(
        thread=canonical(_person(item.value, status, *RECIPIENT).id),
        id=identity(status["id"]),
        status=STATUSES[status["status"]],
        at=millis(status.get("timestamp")) or item.time,
        code=first_text(error, "code"),
        error=_why(error),
        correlation=words(status.get("biz_opaque_callback_data")),
    )


def _error(item: Item, error: Json) -> base.Event:
    return AccountEvent(name="error", at=item.time, health="alert", detail=f"{identity(error['code'])} {_why(error)}")


def _address_book(item: Item, change: Json) -> base.Event:
    person = _person(item.value, change["contact"], "phone_number", "user_id", "parent_user_id")
    person = replace(person, name=first_text(change["contact"], "full_name", "first_name"))
    return Profile(
        person=person, at=millis(json_object(change.get("metadata")).get("timestamp")), context=pick(change, "action")
    )


def _preference(item: Item, preference: Json) -> base.Event:
    context = {"opted_out": {"stop": True, "resume": False}[preference["value"]], **pick(preference, "category")}
    return Profile(
        person=_person(item.value, preference, *SELF), at=millis(preference.get("timestamp")), context=context
    )


LISTS: Mapping[str, Mapping[str, Callable[[Item, Json], base.Event]]] = {
    "messages": {"messages": _message, "statuses": _status, "errors": _error},
    "smb_message_echoes": {"message_echoes": lambda item, message: _message(item, message, "out")},
    "history": {
        "history": _history,
        "messages": _late,
        "message_echoes": lambda item, message: _late(item, message, "out"),
    },
    "smb_app_state_sync": {"state_sync": _address_book},
    "user_preferences": {"user_preferences": _preference},
}


def _person(value: Json, entry: Json, *names: str) -> Person:
    """The person with the ids under `names`, number first, named as in the contact that `_cut` left beside them.

    The ids of a contact count only if one of them is the person's.
    """
    ids = [id for id in (_identity(entry.get(name)) for name in names) if id]
    contact = first_item(value, "contacts")
    same = contact if _ids(contact) & {canonical(id) for id in ids} else {}
    first, *others = dict.fromkeys((*pick(same, "wa_id").values(), *ids, *pick(same, *SELF).values()))
    return Person(
        id=first,
        name=first_text(contact.get("profile"), "name"),
        username=first_text(contact.get("profile"), "username").removeprefix("@"),
        phone=f"+{first}" if first.isdecimal() else "",
        aliases=tuple(id for id in dict.fromkeys((*others, canonical(first))) if id != first),
    )


def _identity(value: object) -> str:
    """The id, or an empty text for what cannot be one."""
    try:
        return identity(value)
    except ValueError:
        return ""


def _ids(entry: Any) -> set[str]:
    return {canonical(id) for id in pick(entry, *FROM, *TO, *RECIPIENT, *SELF).values()}


def _why(error: Json) -> str:
    return first_text(error.get("error_data"), "details") or first_text(error, "message", "title")
