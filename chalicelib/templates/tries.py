"""Trying a template out: it goes to one telephone once, outside of all conversations.

What is sent so is counted on the template before the network is asked, so that nobody writes to many people this way.
"""

from chalicelib import clock, errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.channels.connections import asking
from chalicelib.networks.base import Say
from chalicelib.store import table
from chalicelib.store.models.channels import Template
from chalicelib.templates import offers, submissions, templates

MOST = 20  # of one template in one day


def send(actor: Actor, template: Template, to: str, components: list[templates.Json], now: int) -> str:
    """Sends the template to that telephone. Gives the network's id of the message.

    Raises Conflict unless it is approved, Invalid if it is not filled in, or if the network refuses it, TooMany after
    MOST of a day, Unavailable if the network does not answer. What died or failed after it was counted stays counted.
    """
    templates.check_state(template, ("approved",))
    channel = channels.get(actor.agency, template.channel)
    network = channels.network_of(channel)
    given = {"name": template.name, "language": template.language, "components": components}
    for objection in offers.objections(actor.agency, channel.id, network, given):
        raise objection
    _count(actor, template, now)
    with asking(submissions.refused):
        return network.send(channels.credentials(channel.pk, channel), Say(thread=to, to=to, template=given)).id


def _count(actor: Actor, template: Template, now: int) -> None:
    today = now // clock.DAY
    tries = template.tries + 1 if template.tried_on == today else 1
    tomorrow = ((today + 1) * clock.DAY - now) // clock.SECOND + 1
    too_many = errors.TooMany(f"A template is tried out {MOST} times a day at most.", code="too_many_tries",
                              after=tomorrow)  # fmt: skip
    if tries > MOST:
        raise too_many
    same = (Template.tries == template.tries) & (Template.tried_on == template.tried_on)
    changed = [Template.tries.set(tries), Template.tried_on.set(today)]
    table.transact(
        table.changing(Template(template.pk, template.sk), changed, same, otherwise=errors.PreconditionFailed),
        audit.entry(actor, "template.try", template.id, now, brand=template.brand),
    )
