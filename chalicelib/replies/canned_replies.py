"""Words that a brand says often. Each has a shortcut no other of its brand has, however it is typed."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
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
    of = brands.get(actor, body["brand"])
    _check(actor.agency, of.id, body["text"])
    id = ids.canned_reply(of.id)
    made = CannedReply(
        keys.within(actor.agency, of.id), keys.CANNED + id, id=id, brand=of.id, shortcut=body["shortcut"],
        title=body["title"], text=body["text"], language=body.get("language"), created_at=now, updated_at=now,
    )  # fmt: skip
    told = audit.entry(actor, "canned_reply.create", id, now, brand=of.id, after={"shortcut": made.shortcut})
    try:
        table.transact(_taking(made, made.shortcut), table.putting(made, CannedReply.pk.does_not_exist()), told)
    except table.Refused as refused:
        raise _taken() from refused
    return made


def change(actor: Actor, found: CannedReply, body: Mapping[str, Any], now: int) -> CannedReply:
    """Other words, or another shortcut; errors as of create, and PreconditionFailed if it changed since it was read."""
    _check(actor.agency, found.brand, body.get("text", ""))
    actions = [getattr(CannedReply, name).set(value) for name, value in body.items() if value is not None]
    actions += [getattr(CannedReply, name).remove() for name, value in body.items() if value is None]
    actions += [CannedReply.version.add(1), CannedReply.updated_at.set(now)]
    told = audit.entry(
        actor, "canned_reply.change", found.id, now, brand=found.brand,
        before={"shortcut": found.shortcut}, after={"changed": sorted(body)},
    )  # fmt: skip
    same = CannedReply.version == found.version
    writes = [table.changing(CannedReply(found.pk, found.sk), actions, same), told]
    shortcut = body.get("shortcut", found.shortcut)
    if _folded(shortcut) != _folded(found.shortcut):
        writes += [_taking(found, shortcut), table.deleting(_item(found, found.shortcut))]
    try:
        table.transact(*writes)
    except table.Refused as refused:
        raise (errors.PreconditionFailed() if refused.failed[0] else _taken()) from refused
    return get(actor, found.id)


def remove(actor: Actor, found: CannedReply, now: int) -> None:
    """Take the words away, and leave their shortcut to others."""
    told = audit.entry(
        actor, "canned_reply.remove", found.id, now, brand=found.brand, before={"shortcut": found.shortcut}
    )
    same = CannedReply.version == found.version
    try:
        table.transact(table.deleting(found, same), table.deleting(_item(found, found.shortcut)), told)
    except table.Refused as refused:
        raise errors.PreconditionFailed from refused


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _item(of: CannedReply, shortcut: str) -> Shortcut:
    return Shortcut(of.pk, keys.shortcut(_folded(shortcut)), canned_reply=of.id)


def _taking(of: CannedReply, shortcut: str) -> table.Write:
    return table.putting(_item(of, shortcut), Shortcut.pk.does_not_exist())


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
    found = table.get(CannedReply, keys.within(actor.agency, ids.brand_of(id)), keys.CANNED + id)
    if found is None:
        raise errors.NotFound
    actor.admit(found.brand)
    return found


def listing(actor: Actor, brands: Sequence[str], q: str, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the words of these brands, oldest first; with `q` those that have it in shortcut, title or text."""
    scope = "|".join(["canned", actor.agency, *sorted(brands), q])
    edge = page.position(scope, cursor) or ""
    found = list(islice(_matching(actor.agency, brands, _folded(q), edge, limit + 1), limit + 1))
    more = page.cursor(scope, found[limit - 1].sk) if len(found) > limit else None
    return {"items": [view(item) for item in found[:limit]], "next": more}


def _matching(agency: str, brands: Sequence[str], wanted: str, edge: str, most: int) -> Iterator[CannedReply]:
    for id in sorted(brands):  # an id begins with its brand, so that all of them are in one order
        pk, limit = keys.within(agency, id), None if wanted else most
        for item in table.query(CannedReply, pk, keys.CANNED, after=edge, limit=limit, consistent=True):
            if any(wanted in _folded(text) for text in (item.shortcut, item.title, item.text)):
                yield item


def render(actor: Actor, found: CannedReply, to: Conversation) -> Mapping[str, Any]:
    """The words as they would be said there, and what is missing. Invalid for a conversation of another brand."""
    if to.brand != found.brand:
        raise errors.Invalid("This conversation is another brand's.", code="other_brand", field="conversation")
    person = contacts.find(actor.agency, to.contact)
    values = {
        **(contacts.names(person, to.network) if person else {}),
        "brand.name": brands.find(actor.agency, found.brand).name,
        "member.name": actor.name,
        **{variables.ATTRIBUTE + name: _words(value) for name, value in (to.attributes or {}).items()},
    }
    text, missing = variables.render(found.text, values)
    return {"text": text, "missing": missing}


def _words(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def view(found: CannedReply) -> Mapping[str, Any]:
    """Canned words as the API tells them."""
    return {
        "id": found.id,
        "brand": found.brand,
        "shortcut": found.shortcut,
        "title": found.title,
        "text": found.text,
        "language": found.language,
        "version": int(found.version),
        "created_at": clock.text(int(found.created_at)),
        "updated_at": clock.text(int(found.updated_at)),
    }
