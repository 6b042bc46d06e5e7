"""Clients' own ids for existing things; whoever may change a thing may set its external id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import errors
from chalicelib.access import permissions
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations
from chalicelib.people import members, teams
from chalicelib.replies import canned_replies, replies
from chalicelib.search import saved_views
from chalicelib.store import external_ids, table
from chalicelib.store.models.search import SavedView


@dataclass(frozen=True)
class Holder:
    """How a kind of thing is read, and the permissions of which an actor needs one."""

    get: Callable[[Actor, str], Any]
    permissions: tuple[str, ...]


def _own_view(actor: Actor, id: str) -> SavedView:
    saved_view = saved_views.get(actor, id)
    saved_views.check_may_touch(actor, saved_view)
    return saved_view


HOLDERS: Mapping[str, Holder] = {
    "brd": Holder(brands.get, ("editorial_line.edit",)),
    "chn": Holder(channels.visible, ("channel.connect",)),
    "ctc": Holder(contacts.visible, permissions.TRIAGE),
    "cnv": Holder(conversations.get, permissions.TRIAGE),
    "rpl": Holder(replies.get, permissions.ANSWER),
    "can": Holder(canned_replies.get, ("editorial_line.edit",)),
    "mbr": Holder(members.managed, ("member.manage",)),
    "tem": Holder(teams.get, ("member.manage",)),
    "viw": Holder(_own_view, permissions.VIEW),
}


def name(actor: Actor, id: str, external_id: str | None) -> None:
    """Sets or changes the external id of a thing; None removes it.

    Raises NotFound and Forbidden as for the thing itself; Conflict, with the id of the other thing, if it is taken.
    """
    holder = HOLDERS[id[:3]]
    thing = holder.get(actor.at(holder.permissions), id)
    if thing.external_id == external_id:
        return
    model, brand = type(thing), getattr(thing, "brand", "")
    named = model.external_id.set(external_id) if external_id else model.external_id.remove()
    before = model.external_id == thing.external_id if thing.external_id else model.external_id.does_not_exist()
    table.transact(
        table.changing(model(thing.pk, thing.sk), [named], before, otherwise=errors.PreconditionFailed),
        *external_ids.renaming(actor.agency, thing.id, brand, thing.external_id, external_id),
    )


def ids_of(actor: Actor, word: str, external_id: str) -> list[str]:
    return [holder.id for holder in external_ids.holders(actor.agency, word, external_id)]
