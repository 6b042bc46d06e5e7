"""Which events of members, invitations and teams an actor sees.

Who manages members sees those of the brands for which they do. Colleagues see who comes, goes and takes a break, and
what becomes of their teams.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib import ids
from chalicelib.access.actors import Actor
from chalicelib.events.events import Event
from chalicelib.people import members, teams
from chalicelib.store import keys, table
from chalicelib.store.models.audit import AuditEntry
from chalicelib.store.models.people import Invitation, Member

_FOR_COLLEAGUES = frozenset({"member.availability_changed", "member.joined", "member.removed"})


def seen(actor: Actor, events: Sequence[Event]) -> frozenset[str]:
    """The ids of those of the events that the actor sees.

    The present grants of a member decide; for who is gone, those before they went. That a team is gone is no secret.
    """
    colleague, of_teams = replace(actor, needs=()), [event for event in events if event.type.startswith("team.")]
    is_whole = not of_teams or colleague.brands() is None
    hidden = frozenset() if is_whole else teams.hidden(colleague, {event.target for event in of_teams})
    event_ids = frozenset(event.id for event in of_teams if event.target not in hidden)
    return event_ids | _of_members(actor, colleague, [event for event in events if event.type.startswith("member.")])


def _of_members(actor: Actor, colleague: Actor, events: Sequence[Event]) -> frozenset[str]:
    manager = replace(actor, needs=("member.manage",))
    if manager.brands() is None:
        return frozenset(event.id for event in events)
    asked = [event for event in events if manager.brands() or event.type in _FOR_COLLEAGUES]
    grants = _grants(actor.agency, asked)
    return frozenset(
        event.id
        for event in asked
        if members.concerns(
            colleague if event.type in _FOR_COLLEAGUES else manager,
            grants.get(event.target) or grants.get(event.entry) or (),
        )
    )


def _grants(agency: str, events: Sequence[Event]) -> Mapping[str, members.Grants]:
    """What members and invitations grant, by their ids; of those that are gone, by the ids of the audit's entries."""
    targets = {event.target for event in events}
    people = table.many_readable(Member, [(agency, keys.noun(id)) for id in targets if ids.is_id(id, "mbr")])
    invited = table.many_readable(Invitation, [(agency, keys.noun(id)) for id in targets if ids.is_id(id, "inv")])
    held = {member.id: member.grants for member in people} | {
        invitation.id: invitation.grants for invitation in invited
    }
    gone = [(keys.audit(agency), keys.ENTRIES + event.entry) for event in events if event.target not in held]
    return held | {entry.id: _granted(entry) for entry in table.many_readable(AuditEntry, gone)}


def _granted(entry: AuditEntry) -> members.Grants:
    """What the member had before what the entry tells; after it, if nothing is told of before."""
    grants: members.Grants = (entry.before or entry.after or {}).get("grants", ())
    return grants
