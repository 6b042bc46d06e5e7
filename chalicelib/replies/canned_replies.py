"""Words that a brand says often. Each has a shortcut no other of its brand has, however it is typed."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.contacts import contacts
from chalicelib.inbox import attributes
from chalicelib.replies import variables
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import CannedReply, Shortcut


def create(actor: Actor, body: Mapping[str, Any], now: int) -> CannedReply:
    """New words of a brand. Raises Invalid for a variable there is not, Conflict for a shortcut that is taken."""
    brand = brands.get(actor, body["brand"])
    _check(actor.agency, brand.id, body["text"])
    id = ids.canned_reply(brand.id)
    made = CannedReply(
        keys.within(actor.agency, brand.id), keys.CANNED + id, id=id, brand=brand.id, shortcut=body["shortcut"],
        title=body["title"], text=body["text"], language=body.get("language"), created_at=now, updated_at=now,
    )  # fmt: skip
    entry = audit.entry(actor, "canned_reply.create", id, now, brand=brand.id, after={"shortcut": made.shortcut})
    try:
        table.transact(_taking(made, made.shortcut), table.putting(made, CannedReply.pk.does_not_exist()), entry)
    except table.Refused as refused:
        raise _taken() from refused
    return made


def change(actor: Actor, canned_reply: CannedReply, body: Mapping[str, Any], now: int) -> CannedReply:
    """Other words, or another shortcut; errors as of create, and PreconditionFailed if it changed since it was read."""
    _check(actor.agency, canned_reply.brand, body.get("text", ""))
    actions = [getattr(CannedReply, name).set(value) for name, value in body.items() if value is not None]
    actions += [getattr(CannedReply, name).remove() for name, value in body.items() if value is None]
    actions += [CannedReply.version.add(1), CannedReply.updated_at.set(now)]
    entry = audit.entry(
        actor, "canned_reply.change", canned_reply.id, now, brand=canned_reply.brand,
        before={"shortcut": canned_reply.shortcut}, after={"changed": sorted(body)},
    )  # fmt: skip
    same = CannedReply.version == canned_reply.version
    writes = [table.changing(CannedReply(canned_reply.pk, canned_reply.sk), actions, same), entry]
    shortcut = body.get("shortcut", canned_reply.shortcut)
    if _folded(shortcut) != _folded(canned_reply.shortcut):
        writes += [_taking(canned_reply, shortcut), table.deleting(_item(canned_reply, canned_reply.shortcut))]
    try:
        table.transact(*writes)
    except table.Refused as refused:
        raise (errors.PreconditionFailed() if refused.failed[0] else _taken()) from refused
    return get(actor, canned_reply.id)


def remove(actor: Actor, canned_reply: CannedReply, now: int) -> None:
    """Take the words away, and leave their shortcut to others."""
    entry = audit.entry(
        actor,
        "canned_reply.remove",
        canned_reply.id,
        now,
        brand=canned_reply.brand,
        before={"shortcut": canned_reply.shortcut},
    )
    same = CannedReply.version == canned_reply.version
    try:
        table.transact(
            table.deleting(canned_reply, same), table.deleting(_item(canned_reply, canned_reply.shortcut)), entry
        )
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _item(canned_reply: CannedReply, shortcut: str) -> Shortcut:
    return Shortcut(canned_reply.pk, keys.shortcut(_folded(shortcut)), canned_reply=canned_reply.id)


def _taking(canned_reply: CannedReply, shortcut: str) -> table.Write:
    return table.putting(_item(canned_reply, shortcut), Shortcut.pk.does_not_exist())


def _taken() -> errors.Conflict:
    return errors.Conflict("Other words have this shortcut.", code="shortcut_taken", field="shortcut")


def _check(agency: str, brand_id: str, text: str) -> None:
    asked = set(variables.names(text)) - set(variables.NAMES)
    if asked and asked - {variables.ATTRIBUTE + name for name in attributes.of(agency, brand_id)}:
        raise errors.Invalid("There is no such variable.", code="unknown_variable", field="text")


def get(actor: Actor, id: str) -> CannedReply:
    """NotFound unless it is of one of the actor's brands."""
    if not ids.is_id(id, "can"):
        raise errors.NotFound
    canned_reply = table.get(CannedReply, keys.within(actor.agency, ids.brand_of(id)), keys.CANNED + id)
    if canned_reply is None:
        raise errors.NotFound
    actor.admit(canned_reply.brand)
    return canned_reply


def listing(actor: Actor, brands: Sequence[str], q: str, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the words of these brands, oldest first; with `q` those that have it in shortcut, title or text."""
    scope = "|".join(["canned", actor.agency, *sorted(brands), q])
    edge = page.position(scope, cursor) or ""
    matching = _matching(actor.agency, brands, _folded(q), edge, limit + 1)
    found, more = page.cut(matching, limit, scope, lambda canned_reply: canned_reply.sk)
    return {"items": [view(canned_reply) for canned_reply in found], "next": more}


def _matching(agency: str, brands: Sequence[str], wanted: str, edge: str, most: int) -> Iterator[CannedReply]:
    for id in sorted(brands):  # an id begins with its brand, so that all of them are in one order
        pk, limit = keys.within(agency, id), None if wanted else most
        for canned_reply in table.query(CannedReply, pk, keys.CANNED, after=edge, limit=limit, consistent=True):
            if any(wanted in _folded(text) for text in (canned_reply.shortcut, canned_reply.title, canned_reply.text)):
                yield canned_reply


def render(actor: Actor, canned_reply: CannedReply, to: Conversation) -> Mapping[str, Any]:
    """The words as they would be said there, and what is missing. Invalid for a conversation of another brand."""
    if to.brand != canned_reply.brand:
        raise errors.Invalid("This conversation is another brand's.", code="other_brand", field="conversation")
    person = contacts.find(actor.agency, to.contact)
    values = {
        **(contacts.names(person, to.network) if person else {}),
        "brand.name": brands.find(actor.agency, canned_reply.brand).name,
        "member.name": actor.name,
        **{variables.ATTRIBUTE + name: _words(value) for name, value in (to.attributes or {}).items()},
    }
    text, missing = variables.render(canned_reply.text, values)
    return {"text": text, "missing": missing}


def _words(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def view(canned_reply: CannedReply) -> Mapping[str, Any]:
    """Canned words as the API tells them."""
    return {
        "id": canned_reply.id,
        "brand": canned_reply.brand,
        "shortcut": canned_reply.shortcut,
        "title": canned_reply.title,
        "text": canned_reply.text,
        "language": canned_reply.language,
        "version": canned_reply.version,
        "created_at": clock.text(canned_reply.created_at),
        "updated_at": clock.text(canned_reply.updated_at),
    }
