"""Canned replies: texts that a brand uses often. No two of a brand's share a shortcut, in whatever case it is typed."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, page
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.contacts import contacts
from chalicelib.editorial import verdicts
from chalicelib.editorial.verdicts import Occasion
from chalicelib.inbox import attributes
from chalicelib.replies import variables
from chalicelib.store import external_ids, keys, table
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import CannedReply, Shortcut


def create(
    actor: Actor,
    now: int,
    *,
    brand: str,
    shortcut: str,
    title: str,
    text: str,
    language: str | None = None,
    external_id: str | None = None,
) -> CannedReply:
    """Raises Invalid for an unknown variable and for words that the brand's line forbids, Conflict for a shortcut or
    external id that is taken.
    """
    brand_id = brands.get(actor, brand).id
    _check(actor, brand_id, brand_id, text, now)
    id = ids.of_brand(brand_id, "can")
    created = CannedReply(
        keys.within(actor.agency, brand_id), keys.CANNED + id, id=id, brand=brand_id, shortcut=shortcut, title=title,
        text=text, language=language, external_id=external_id, created_at=now, updated_at=now,
    )  # fmt: skip
    table.transact(
        _claiming_shortcut(created, shortcut),
        table.putting(created, CannedReply.pk.does_not_exist()),
        *external_ids.claiming(actor.agency, id, brand_id, external_id),
        audit.entry(actor, "canned_reply.create", id, now, brand=brand_id, after={"shortcut": shortcut}),
    )
    return created


def change(actor: Actor, canned_reply: CannedReply, changes: Mapping[str, Any], now: int) -> CannedReply:
    """Change any of `shortcut`, `title`, `text`, `language` (None removes it).

    Raises what `create` raises, and PreconditionFailed if the canned reply changed since it was read.
    """
    _check(actor, canned_reply.brand, canned_reply.id, changes.get("text", ""), now)
    actions = [getattr(CannedReply, name).set(value) for name, value in changes.items() if value is not None]
    actions += [getattr(CannedReply, name).remove() for name, value in changes.items() if value is None]
    actions += [CannedReply.version.add(1), CannedReply.updated_at.set(now)]
    entry = audit.entry(
        actor, "canned_reply.change", canned_reply.id, now, brand=canned_reply.brand,
        before={"shortcut": canned_reply.shortcut}, after={"changed": sorted(changes)},
    )  # fmt: skip
    item, unchanged = CannedReply(canned_reply.pk, canned_reply.sk), CannedReply.version == canned_reply.version
    writes = [table.changing(item, actions, unchanged, otherwise=errors.PreconditionFailed), entry]
    shortcut = changes.get("shortcut", canned_reply.shortcut)
    if _folded(shortcut) != _folded(canned_reply.shortcut):
        writes += [
            _claiming_shortcut(canned_reply, shortcut),
            table.deleting(_shortcut(canned_reply, canned_reply.shortcut)),
        ]
    table.transact(*writes)
    return get(actor, canned_reply.id)


def remove(actor: Actor, canned_reply: CannedReply, now: int) -> None:
    """Remove a canned reply and free its shortcut. Raises PreconditionFailed if it changed since it was read."""
    before = {"shortcut": canned_reply.shortcut}
    unchanged = CannedReply.version == canned_reply.version
    table.transact(
        table.deleting(canned_reply, unchanged, otherwise=errors.PreconditionFailed),
        table.deleting(_shortcut(canned_reply, canned_reply.shortcut)),
        *external_ids.releasing(actor.agency, canned_reply.id, canned_reply.brand, canned_reply.external_id),
        audit.entry(actor, "canned_reply.remove", canned_reply.id, now, brand=canned_reply.brand, before=before),
    )


def _folded(text: str) -> str:
    """The text in a form in which texts that differ only by case, or by how a character is encoded, are equal."""
    return unicodedata.normalize("NFKC", text).casefold()


def _shortcut(canned_reply: CannedReply, shortcut: str) -> Shortcut:
    return Shortcut(canned_reply.pk, keys.shortcut(_folded(shortcut)), canned_reply=canned_reply.id)


def _claiming_shortcut(canned_reply: CannedReply, shortcut: str) -> table.Write:
    taken = errors.Conflict(
        "Another canned reply of the brand has this shortcut.", code="shortcut_taken", field="shortcut"
    )
    return table.putting(_shortcut(canned_reply, shortcut), Shortcut.pk.does_not_exist(), otherwise=taken)


def _check(actor: Actor, brand_id: str, target: str, text: str, now: int) -> None:
    """Raises Invalid for a variable that is neither ours nor an attribute of the brand's conversations, and for words
    that the brand's line forbids.

    The latter is noted in the audit under `target`, which is the brand for a new canned reply, as that has no id yet.
    """
    names = set(variables.names(text)) - set(variables.NAMES)
    if names and names - {variables.ATTRIBUTE + name for name in attributes.for_brand(actor.agency, brand_id)}:
        raise errors.Invalid("The text has a variable that does not exist.", code="unknown_variable", field="text")
    verdict = verdicts.of(actor.agency, brand_id, text, (), Occasion(public=True))
    if verdict and verdict.blocks:
        after = verdicts.audit_details(verdict)
        audit.note(actor, "canned_reply.refuse", target, now, brand=brand_id, after=after)
        raise verdicts.refusal_for(verdict)


def get(actor: Actor, id: str) -> CannedReply:
    """Raises NotFound unless it is of one of the actor's brands, Forbidden without the permission of the route."""
    if not ids.is_id(id, "can"):
        raise errors.NotFound
    canned_reply = table.get(CannedReply, keys.within(actor.agency, ids.brand_of(id)), keys.CANNED + id)
    if canned_reply is None:
        raise errors.NotFound
    actor.admit(canned_reply.brand)
    return canned_reply


def listing(actor: Actor, brands: Sequence[str], q: str, limit: int, cursor: str | None) -> Mapping[str, Any]:
    """A page of the canned replies of these brands; with `q` only those with it in shortcut, title or text."""
    scope = "|".join(["canned", actor.agency, *sorted(brands), q])
    edge = page.position(scope, cursor) or ""
    matching = _matching(actor.agency, brands, _folded(q), edge, limit + 1)
    items, more = page.cut(matching, limit, scope, lambda canned_reply: canned_reply.sk)
    return {"items": [view(canned_reply) for canned_reply in items], "next": more}


def _matching(agency: str, brands: Sequence[str], wanted: str, edge: str, most: int) -> Iterator[CannedReply]:
    for id in sorted(brands):  # an id begins with its brand, so that all of them are in one order
        pk, limit = keys.within(agency, id), None if wanted else most
        for canned_reply in table.query(CannedReply, pk, keys.CANNED, after=edge, limit=limit, consistent=True):
            if any(wanted in _folded(text) for text in (canned_reply.shortcut, canned_reply.title, canned_reply.text)):
                yield canned_reply


def render(actor: Actor, canned_reply: CannedReply, to: Conversation) -> Mapping[str, Any]:
    """The text filled in for a conversation, and the variables without a value.

    Raises Invalid for a conversation of another brand.
    """
    if to.brand != canned_reply.brand:
        raise errors.Invalid(
            "The conversation is not of the canned reply's brand.", code="other_brand", field="conversation"
        )
    contact = contacts.find(actor.agency, to.contact)
    values = {
        **(contacts.names(contact, to.network) if contact else {}),
        "brand.name": brands.find(actor.agency, canned_reply.brand).name,
        "member.name": actor.name,
        **{variables.ATTRIBUTE + name: _text(value) for name, value in (to.attributes or {}).items()},
    }
    text, missing = variables.render(canned_reply.text, values)
    return {"text": text, "missing": missing}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def view(canned_reply: CannedReply) -> Mapping[str, Any]:
    return {
        "id": canned_reply.id,
        "brand": canned_reply.brand,
        "shortcut": canned_reply.shortcut,
        "title": canned_reply.title,
        "text": canned_reply.text,
        "language": canned_reply.language,
        "external_id": canned_reply.external_id,
        "version": canned_reply.version,
        "created_at": clock.text(canned_reply.created_at),
        "updated_at": clock.text(canned_reply.updated_at),
    }
