"""The business profile of a channel's account. It is stored on its network only."""

from dataclasses import asdict

from chalicelib import errors
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.channels import channels, connections
from chalicelib.networks.base import Json
from chalicelib.networks.business import BusinessProfile, BusinessProfiles
from chalicelib.store.models.channels import Channel


def _profiles_of(channel: Channel) -> BusinessProfiles:
    profiles = channels.network_of(channel).business_profile
    if profiles is None:
        raise errors.Invalid("The network offers no business profile for the account.", code="no_profile")
    return profiles


def show(channel: Channel) -> Json:
    """Raises Invalid or Unavailable if the network does not give it, or has no such profile."""
    network = _profiles_of(channel)
    with connections.asking(_refused):
        profile = network.read(channels.credentials(channel.pk, channel))
    return {**asdict(profile), "websites": list(profile.websites)}


def write(actor: Actor, channel: Channel, body: Json, now: int) -> Json:
    """Raises Invalid or Unavailable if the network does not accept it, or has no such profile."""
    network, wanted = _profiles_of(channel), BusinessProfile(**{**body, "websites": tuple(body["websites"])})
    with connections.asking(_refused):
        network.write(channels.credentials(channel.pk, channel), wanted)
    names = sorted(name for name, value in body.items() if value)
    audit.note(actor, "channel.write_profile", channel.id, now, brand=channel.brand, after={"told": names})
    return body


def _refused(text: str) -> errors.Problem:
    return errors.Invalid(text, code="profile_refused")
