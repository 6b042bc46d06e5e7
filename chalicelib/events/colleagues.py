"""Which events of members, invitations and teams an actor sees.

Those who manage members of some brands see all such events of these brands. Other members see who joins, leaves or
takes a break among their colleagues, and what happens to teams that they may see.
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
    """The ids of those events that the actor sees.

    The present grants of a member decide; for somebody who is gone, their grants before they left. That a team was
    removed is no secret.
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
    """The grants of members and invitations, by their ids; of those that are gone, by the ids of the audit entries."""
    targets = {event.target for event in events}
    people = table.many_readable(Member, [(agency, keys.noun(id)) for id in targets if ids.is_id(id, "mbr")])
    invited = table.many_readable(Invitation, [(agency, keys.noun(id)) for id in targets if ids.is_id(id, "inv")])
    held = {member.id: member.grants for member in people} | {
        invitation.id: invitation.grants for invitation in invited
    }
    gone = [(keys.audit(agency), keys.ENTRIES + event.entry) for event in events if event.target not in held]
    return held | {entry.id: _granted(entry) for entry in table.many_readable(AuditEntry, gone)}


def _granted(entry: AuditEntry) -> members.Grants:
    """The grants before the change that the entry reports; those after it if it names none before."""
    grants: members.Grants = (entry.before or entry.after or {}).get("grants", ())
    return grants
