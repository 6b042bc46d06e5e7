"""Carries bans out on networks that can keep somebody away or restrict them, and takes them back there.

The transaction that moves the ban schedules this. A repeat asks the network for the same again, which changes nothing
there. The outcome on each network is stored in the ban.
"""

from collections.abc import Iterator, Mapping

from chalicelib import errors, log
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.contacts import contacts
from chalicelib.inbox import conversations
from chalicelib.moderation import bans
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.store.models.contacts import Contact, Talk
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.moderation import Ban

MOST_PLACES = 10  # conversations of the contact, the latest
_OVER = ("lifted", "ended")
_BEGINS: Mapping[str, base.Verb] = {"ban": "ban", "restrict": "restrict"}  # by the extent
_ENDS: Mapping[str, base.Verb] = {"ban": "unban", "restrict": "unrestrict"}
_DONE = {"ban": "banned", "restrict": "restricted", "unban": "let_in", "unrestrict": "let_in"}


def carry_out(actor: Actor, id: str, now: int) -> None:
    """Does on the networks what the ban's state says. Raises Unavailable if some network has to be asked again."""
    ban = bans.find(actor.agency, id)
    verb = _verb(ban) if ban else None
    contact = contacts.find(actor.agency, ban.contact) if ban else None
    if ban is None or verb is None or contact is None:
        return
    outcomes, put_off = dict(ban.networks), False
    for channel, conversation, person in _places(actor.agency, contact, ban.extent):
        if ban.state in _OVER and channel.network not in ban.networks:
            continue
        try:
            came = _act(channel, conversation, person, verb, now)
            outcomes[channel.network] = _better_outcome(outcomes.get(channel.network, came), came, verb)
        except (base.Unreachable, base.Throttled, base.Unknown) as passing:
            log.line("ban_put_off", channel=channel.id, network=channel.network, code=passing.code)
            put_off = True
    if outcomes != ban.networks:
        table.update(Ban(ban.pk, ban.sk), [Ban.networks.set(outcomes)], Ban.state == ban.state)
    if put_off:
        raise errors.Unavailable


def _verb(ban: Ban) -> base.Verb | None:
    """What the ban's state requires of networks; None for a ban that did not begin."""
    if ban.state in _OVER:
        return _ENDS[ban.extent]
    return _BEGINS[ban.extent] if ban.state == "active" else None


def _better_outcome(before: str, came: str, verb: base.Verb) -> str:
    """The outcome on a network with several places: done if it was done in one of them."""
    return _DONE[verb] if _DONE[verb] in (before, came) else came


def _act(channel: Channel, conversation: Conversation, person: str, verb: base.Verb, now: int) -> str:
    """Returns the outcome in a word; `refused` is one."""
    act = base.Act(
        verb=verb, thread=conversation.thread, to=person, surface=base.surface(conversation.surface),
        context=conversation.context or {},
    )  # fmt: skip
    try:
        channels.network_of(channel).act(channels.credentials(channel.pk, channel), act)
    except base.Expired as outcome:
        channels.report_lost_token(channel.pk, channel.id, outcome, now)
        return "refused"
    except (base.Rejected, base.Gone, base.WindowClosed):
        return "refused"
    return _DONE[verb]


def _places(agency: str, contact: Contact, extent: str) -> Iterator[tuple[Channel, Conversation, str]]:
    """The places where the contact writes, on networks that can ban or restrict them there, with their id there."""
    persons = {identity["network"]: identity["id"] for identity in contact.identities}
    talks = table.query(Talk, keys.within(agency, contact.id), keys.TALKS, newest=True, limit=MOST_PLACES)
    for talk in list(talks):
        conversation = conversations.find(agency, talk.conversation)
        channel = channels.find(agency, conversation.channel) if conversation else None
        if conversation is None or channel is None or channel.network not in persons or channel.settling:
            continue
        can = channels.network_of(channel).capabilities
        if conversation.surface in (can.ban if extent == "ban" else can.restrict):
            yield channel, conversation, persons[channel.network]
