"""Tries a template: it is sent to one phone once, outside of all conversations.

Each try is counted before the network is asked, so that nobody writes to many people this way.
"""

from chalicelib import clock
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.channels.connections import asking
from chalicelib.networks.base import Say
from chalicelib.store import quota, table
from chalicelib.store.models.channels import Template
from chalicelib.templates import offers, submissions, templates

MOST_A_DAY = 20  # of one template


def send(actor: Actor, template: Template, to: str, components: list[templates.Json], now: int) -> str:
    """Sends the template to that phone. Returns the network's id of the message.

    Raises Conflict unless the template is approved, Invalid if it is not filled in, or if the network refuses it,
    TooMany after 20 tries a day, Unavailable if the network does not answer. A try that fails after it was counted
    stays counted.
    """
    templates.check_state(template, ("approved",))
    channel = channels.get(actor.agency, template.channel)
    network = channels.network_of(channel)
    given = {"name": template.name, "language": template.language, "components": components}
    for objection in offers.objections(actor.agency, channel.id, network, given):
        raise objection
    quota.take(actor.agency, f"tries#{template.id}", MOST_A_DAY, now, period=clock.DAY)
    table.transact(audit.entry(actor, "template.try", template.id, now, brand=template.brand))
    with asking(submissions.refused):
        return network.send(channels.credentials(channel.pk, channel), Say(thread=to, to=to, template=given)).id
