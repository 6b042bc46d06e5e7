"""Submits templates to the network, and removes them there.

Each function calls the network first and then writes down the outcome. If the process dies in between, the next reading
of the network's list repairs that; submitting or removing twice does no harm there.
"""

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.channels.connections import asking
from chalicelib.store.models.channels import Channel, Template
from chalicelib.templates import examples, news, templates


def refused(text: str) -> errors.Problem:
    return errors.Invalid(text, code="template_refused")


def submit(actor: Actor, template: Template, now: int) -> Template:
    """Submits a draft. Raises Conflict if it is no draft, Invalid or Unavailable if the network does not accept it."""
    templates.check_state(template, ("draft",))
    channel = channels.get(actor.agency, template.channel)
    network = templates.interface_of(channel)
    wanted = templates.given(template)
    templates.check(network, wanted)
    credentials = channels.credentials(channel.pk, channel)
    with asking(refused):
        taken = network.submit(credentials, examples.handed_in(actor.agency, network, credentials, wanted, now))
    changes = {
        "network_id": taken.id, "state": taken.state, "category": taken.category, "reason": "", "detail": "",
    }  # fmt: skip
    try:
        return templates.change(actor, "template.submit", template, changes, now)
    except errors.PreconditionFailed:
        current = templates.get(actor, template.id)
        if current.network_id != taken.id:
            raise
        return current  # what the network said of it was faster


def remove(actor: Actor, template: Template, now: int) -> None:
    """Removes a template: here, and on the network if it is there. Raises Invalid or Unavailable if the network
    refuses.
    """
    if template.network_id and template.state != "deleted":
        channel = channels.get(actor.agency, template.channel)
        with asking(refused):
            templates.interface_of(channel).retire(channels.credentials(channel.pk, channel), templates.given(template))
    templates.remove(actor, template, now)


def read(actor: Actor, channel: Channel, now: int) -> dict[str, int]:
    """Reads the account's templates from the network, see `news`."""
    with asking(refused):
        return dict(news.read(actor, channel, now))
