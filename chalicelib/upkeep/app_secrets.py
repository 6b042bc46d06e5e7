"""A new secret of an agency's own app reaches the channels that have a copy: it signs what is posted, and proves calls.

The app gets it once, then each channel gets a task of its own. A channel that is being connected at that moment may be
missed; its next probe corrects that.
"""

from collections.abc import Iterator

from chalicelib import errors
from chalicelib.aws import secrets
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, grants, routing, sealing, troubles
from chalicelib.consents import apps
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Upkeep
from chalicelib.upkeep import renewals, upkeeps

FOLLOW = "app_secret_follow"  # the kind of task of one channel


def task(agency: str, app: str) -> Task:
    """The task to update all channels; `app` is the app's key, see consents.apps."""
    return Task("upkeep", {"kind": apps.SECRET, "agency": agency, "app": app}, group=agency)


def tasks(agency: str, app: str, now: int) -> Iterator[Task]:
    """One task for each channel that may be connected through that app. Before that, all entries of the app get the
    same secret.
    """
    reached = apps.spread_secret(agency, app, now)
    for channel in channels.every(agency):
        if channel.network in reached:
            body = {"kind": FOLLOW, "agency": agency, "channel": channel.id, "app": app}
            yield Task("upkeep", body, group=agency)


def follow(agency: str, id: str, now: int, app: str = "") -> str:
    """Gives the channel the present secret of its app, and gives the outcome as a word.

    A repeat does nothing. A channel that was connected by hand counts as one of the `app` with that key if it has an
    earlier secret of this app. Raises Leased while its token is renewed, Conflict if others changed it.
    """
    channel, kept = channels.find(agency, id), upkeeps.of(agency, id)
    by_consent = upkeeps.app(kept)
    held = apps.held_secrets(agency, by_consent or app)
    if channel is None or held is None:
        return "gone"
    secret = secrets.unseal(agency, id, channel.sealed).get("secret", "")
    is_of_app = bool(by_consent) or secret in (former.secret for former in held.before)
    if not secret or secret == held.secret or not is_of_app:
        return "same"
    if kept.leased_until >= now:  # what comes of that may be given once, so it has to be stored
        raise renewals.Leased
    _write(channel, kept, held.secret, now)
    return "followed"


def _write(channel: Channel, kept: Upkeep, secret: str, now: int) -> None:
    before, is_signed = channel.sealed, sealing.app_signs(channels.network_of(channel))
    opened = secrets.unseal(channel.pk, channel.id, before)
    hook = sealing.of_other_secret(opened["hook"], secret, now) if is_signed else opened["hook"]
    channel.sealed = secrets.seal(channel.pk, channel.id, {**opened, "secret": secret, "hook": hook})
    changed = errors.Conflict("The channel's credentials have just been changed. Try again.", code="changed_meanwhile")
    is_free = Upkeep.leased_until.does_not_exist() | (Upkeep.leased_until < now)
    is_deaf = bool(troubles.since(channel.troubles, *channels.DEAFENING))
    table.transact(
        table.changing(
            Channel(channel.pk, channel.sk), [Channel.sealed.set(channel.sealed)], Channel.sealed == before,
            otherwise=changed,
        ),
        table.checking(Upkeep(kept.pk, kept.sk), is_free, otherwise=changed),
        *(routing.signed_anew(channel, now, changed) if is_signed else ()),
        *([due.at(channel.pk, now, grants.MEND, channel.id)] if is_deaf else []),
    )  # fmt: skip
