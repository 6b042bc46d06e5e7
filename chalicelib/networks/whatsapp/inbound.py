"""Turns WhatsApp's webhook into events: `_cut` makes values with one entry each, which the tables below read.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from chalicelib.networks import base
from chalicelib.networks._meta import envelope
from chalicelib.networks._meta.envelope import Item
from chalicelib.networks.base import AccountEvent, Delete, Edit, Json, Moved, Person, Profile, Reaction, ThreadEvent
from chalicelib.networks.read import field, identity, millis, pick, short, words
from chalicelib.networks.whatsapp import account
from chalicelib.networks.whatsapp.contacts import FROM, RECIPIENT, SELF, TO, Contacts, canonical
from chalicelib.networks.whatsapp.content import content_of, context_of, text_and_files, type_of
from chalicelib.networks.whatsapp.readers import first_item, first_text, items, json_object

STATUSES = {**{status: status for status in get_args(base.ReceiptStatus)}, "played": "read"}
OURS = ("display_phone_number", "phone_number_id")
_NO_DIGITS = re.compile(r"\D")


def parse(payload: Json) -> Iterator[base.Inbound]:
    return envelope.inbounds(payload, "whatsapp_business_account", _read, _cut, _owner)


def _owner(item: Item) -> str:
    """The number's id, or `waba:{id}` for an event of the business account; a partner's events name their client's."""
    value = json_object(item.value)
    number = field(value.get("metadata"), "phone_number_id")
    return number or f"waba:{field(value.get('waba_info'), 'waba_id') or item.account}"


def _cut(field: str, value: Json) -> Iterator[Json]:
    if not isinstance(value, dict):
        yield value
        return
    common = {name: value[name] for name in short(value, "messaging_product")}
    if "metadata" in value:
        common["metadata"] = short(value["metadata"], *OURS) if isinstance(value["metadata"], dict) else None
    listed, is_cut = items(value, "contacts"), False
    contacts = Contacts(listed, lambda: (piece for _, piece in _pieces(field, value))) if listed else None
    for name, piece in _pieces(field, value):
        own = contacts.of(piece) if contacts else ()
        yield {**common, **({"contacts": own} if own else {}), name: [piece]}
        is_cut = True
    if not is_cut:
        yield value


def _pieces(field: str, value: Json) -> Iterator[tuple[str, Any]]:
    """Each entry with the name of its list; of a chunk of history, one per message of its threads and one per error."""
    for name in LISTS.get(field, ()):
        for entry in items(value, name):
            for piece in _history_pieces(entry) if name == "history" else (entry,):
                yield name, piece


def _history_pieces(entry: Any) -> Iterator[Any]:
    is_cut = False
    for thread in items(entry, "threads"):
        for message in items(thread, "messages"):
            yield {"threads": [{**short(thread, "id"), "messages": [message]}]}
            is_cut = True
    for error in items(entry, "errors"):
        yield {"errors": [error]}
        is_cut = True
    if not is_cut:
        yield entry


def _read(item: Item) -> base.Event:
    for name, read_list in LISTS.get(item.field, {}).items():
        if item.value.get(name):
            return read_list(item, item.value[name][0])
    return account.state(item) if item.field in account.FIELDS else base.Unhandled(reason=account.code(item.field))


def _message(item: Item, message: Json, direction: base.Direction = "in") -> base.Event:
    ours = _NO_DIGITS.sub("", words(item.value["metadata"].get("display_phone_number")))
    direction = "out" if ours and words(message.get("from")) == ours else direction
    theirs = TO if direction == "out" and words(message.get("to")) != ours else FROM
    if message.get("group_id"):
        return base.Unhandled(reason="group")
    kind, stamp = type_of(message, HAPPENED), millis(message.get("timestamp"))
    # If the id of a person without a number changes, the previous id is all that names them.
    entry = {**pick(message.get("system"), "previous_user_id"), **message} if "system" in message else message
    person, at = _person(item.value, entry, *theirs, "previous_user_id"), stamp or item.time
    if kind in HAPPENED:
        us = Person(id=ours or identity(item.value["metadata"]["phone_number_id"]))
        where = {"thread": canonical(person.id), "at": at}
        return HAPPENED[kind](where, message, person if direction == "in" else us)
    content = content_of(message, kind)
    return base.Message(
        thread=canonical(person.id),
        id=identity(message["id"]),
        at=at,
        exact=stamp > 0,
        direction=direction,
        person=person,
        reply_to=field(message.get("context"), "id"),
        context=context_of(message, kind, content),
        **text_and_files(message, kind, content),
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
    edited = message["edit"]["message"]
    kind = type_of(edited, ())
    new = text_and_files(edited, kind, content_of(edited, kind))
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
        return AccountEvent(name="history.refused", at=item.time, detail=_error_text(error))
    messages = items(thread, "messages")
    if not messages:
        return base.Unhandled(reason="history")
    whose = {"to": thread["id"]} if "id" in thread else {}
    event = _message(item, {**whose, **messages[0]})
    return replace(event, history=True) if isinstance(event, base.Message) else event


def _late_file(item: Item, message: Json, direction: base.Direction = "in") -> base.Event:
    """The file of an imported message, as an Edit: it comes after the message, with the same id and time."""
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
        thread=canonical(_ids(first_item(item.value, "contacts"), status, *RECIPIENT)[0]),
        id=identity(status["id"]),
        status=STATUSES[status["status"]],
        at=millis(status.get("timestamp")) or item.time,
        code=first_text(error, "code"),
        error=_error_text(error),
        correlation=words(status.get("biz_opaque_callback_data")),
    )


def _error(item: Item, error: Json) -> base.Event:
    return AccountEvent(
        name="error", at=item.time, health="alert", detail=f"{identity(error['code'])} {_error_text(error)}"
    )


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
        "messages": _late_file,
        "message_echoes": lambda item, message: _late_file(item, message, "out"),
    },
    "smb_app_state_sync": {"state_sync": _address_book},
    "user_preferences": {"user_preferences": _preference},
}


def _person(value: Json, entry: Json, *names: str) -> Person:
    """The person with the ids under `names`, number first, named as in the contact that `_cut` left beside them."""
    contact = first_item(value, "contacts")
    first, *others = _ids(contact, entry, *names)
    profile, own = contact.get("profile"), canonical(first)
    return Person(
        id=first,
        name=field(profile, "name"),
        username=field(profile, "username").removeprefix("@"),
        phone=f"+{first}" if first.isdecimal() else "",
        aliases=tuple(others) if own == first or own in others else (*others, own),
    )


def _ids(contact: Json, entry: Json, *names: str) -> list[str]:
    """All ids of a person, the number first; those of the contact count only if one of them is the person's.

    Raises ValueError if there is none.
    """
    ids = [id for name in names if name in entry and (id := _identity(entry[name]))]
    own = pick(contact, *SELF)
    if own and not set(map(canonical, ids)).isdisjoint(map(canonical, own.values())):
        ids = [*pick(own, "wa_id").values(), *ids, *own.values()]
    if not ids:
        raise ValueError("nobody")
    return list(dict.fromkeys(ids))


def _identity(value: object) -> str:
    try:
        return identity(value)
    except ValueError:
        return ""


def _error_text(error: Json) -> str:
    return first_text(error.get("error_data"), "details") or first_text(error, "message", "title")
