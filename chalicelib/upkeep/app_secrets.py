"""A new secret of an agency's own app reaches the channels that have a copy: it signs what is posted, and proves calls.

It is set once, then each channel has a task of its own. A channel that was connected just then may be left out; whoever
looks after it next sees that.
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
    """The task to tell all channels; `app` is its key, see consents.apps."""
    return Task("upkeep", {"kind": apps.SECRET, "agency": agency, "app": app}, group=agency)


def tasks(agency: str, app: str, now: int) -> Iterator[Task]:
    """One for each channel that may have been connected by that app; the app has the same secret everywhere then."""
    reached = apps.spread(agency, app, now)
    for channel in channels.every(agency):
        if channel.network in reached:
            body = {"kind": FOLLOW, "agency": agency, "channel": channel.id, "app": app}
            yield Task("upkeep", body, group=agency)


def follow(agency: str, id: str, now: int, app: str = "") -> str:
    """Has the channel use the secret that its app has by now, and gives a word of what came of it.

    A repeat does nothing. A channel that was connected by hand is one of the `app` of that key if its secret was that
    app's before. Raises Leased while its token is renewed, Conflict if others changed it.
    """
    channel, kept = channels.find(agency, id), upkeeps.of(agency, id)
    by_consent = upkeeps.app(kept)
    held = apps.held(agency, by_consent or app)
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
    changed = errors.Conflict("Its credentials were changed meanwhile.", code="changed_meanwhile")
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
