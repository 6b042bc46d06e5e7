"""Checks that what a network posts for an app comes to a hook of ours, and repairs it with the app's verify token.

One app has many channels. The first check that finds it broken repairs it for all of them, and stores that it did: the
other channels may have missed something meanwhile. The record stays long enough for each of them to be checked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from chalicelib import clock, log
from chalicelib.aws import secrets
from chalicelib.channels import channels
from chalicelib.consents import apps
from chalicelib.networks import base
from chalicelib.store import lookups, table
from chalicelib.store.models.channels import Channel, MendedApp

_MOST_DAYS = 8  # longer ago, nobody looks at everything that was missed
_KEPT = 10 * clock.DAY


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was not posted when it was checked (`was`), and what still is not after the repair (`still`).

    `was_mended` says that somebody repaired the app since the channel's last check.
    """

    was: Sequence[str] = ()
    still: Sequence[str] = ()
    was_mended: bool = False


@dataclass(frozen=True, kw_only=True)
class AppHook:
    """The app through which a channel is connected, with its `key` as in consents.apps, and the base address of our
    hooks.

    `verify` is the token that the network has to show to our hook, empty if we have none.
    """

    channel: Channel
    consent: base.Consent
    app: base.App
    key: str
    hooks: str
    verify: str

    @property
    def address(self) -> str:
        return channels.hook_address(self.hooks, self.channel)

    @property
    def is_ours(self) -> bool:
        return self.key == apps.OURS


def of(channel: Channel, consent: base.Consent, app: base.App, key: str, hooks: str, now: int) -> AppHook:
    """For our app the verify token is that of the network's shared hook, for an agency's own app that of the channel's
    hook.
    """
    if key == apps.OURS:
        known = secrets.of_network(channel.network, now)
    else:
        known = secrets.current(secrets.unseal(channel.pk, channel.id, channel.sealed).get("hook", {}), now)
    verify = next(iter(known.verify), "")
    return AppHook(channel=channel, consent=consent, app=app, key=key, hooks=hooks, verify=verify)


def look(hook: AppHook, last: int, now: int, *, asked: bool) -> Heard:
    """Asks the network, and repairs what may be repaired. `last` is when the channel was checked before (ms).

    If an app of the agency's own posts to some other program, this is changed only if somebody `asked` for a repair.
    Raises an Outcome if the network does not tell.
    """
    if hook.consent.posting is None:
        return Heard()
    posting = hook.consent.posting(hook.app)
    missing = not_posted(hook, posting)
    if not missing:
        return Heard(was_mended=_was_mended(hook, last, now))
    if not _may_mend(hook, posting, asked=asked) or not _mend(hook, now):
        return Heard(was=missing, still=missing)
    return Heard(was=missing, still=not_posted(hook, hook.consent.posting(hook.app)))


def not_posted(hook: AppHook, posting: base.Posting) -> Sequence[str]:
    """The names of what is not posted to us; `address` if nothing is."""
    return posting.missing if _leads_here(hook, posting.address) else ("address",)


def _leads_here(hook: AppHook, address: str) -> bool:
    """True if posts to this address are accepted for the channel.

    Our app posts to the shared hook of a network. An agency's own app may post to the hook of any of its channels
    there.
    """
    if not address.startswith(f"{hook.hooks}/"):
        return False
    network, _, id = address.removeprefix(f"{hook.hooks}/").partition("/")
    if network not in (hook.channel.network, *channels.network_of(hook.channel).siblings):
        return False
    if hook.is_ours or not id:
        return hook.is_ours and not id
    return id == hook.channel.id or channels.accepts_for(network, id, hook.channel)


def _may_mend(hook: AppHook, posting: base.Posting, *, asked: bool) -> bool:
    is_others = bool(posting.address) and not posting.address.startswith(f"{hook.hooks}/")
    return hook.consent.post_to is not None and (hook.is_ours or asked or not is_others)


def _mend(hook: AppHook, now: int) -> bool:
    """False if we have no verify token, or if the network refuses.

    True also if the network gave no clear answer: the next check shows.
    """
    if not hook.verify or hook.consent.post_to is None:
        return False
    try:
        hook.consent.post_to(hook.app, hook.address, hook.verify)
    except base.Outcome as outcome:
        log.line("app_not_mended", channel=hook.channel.id, network=hook.channel.network, code=outcome.code)
        if not isinstance(outcome, base.Unknown):
            return False
    _record_mending(hook, now)
    return True


def _record_mending(hook: AppHook, now: int) -> None:
    """One record a day is enough: a channel that was not checked since then catches up on what it missed."""
    day = now // clock.DAY
    item = MendedApp(_key(hook, day), lookups.MENDED, agency=hook.channel.pk, expires=(now + _KEPT) // clock.SECOND)
    table.put(item, MendedApp.pk.does_not_exist() | (MendedApp.agency == hook.channel.pk))


def _was_mended(hook: AppHook, last: int, now: int) -> bool:
    """True if it was repaired on a day since the last check, including the day of that check, which may have been
    before the repair.
    """
    places = [(MendedApp, _key(hook, day), lookups.MENDED) for day in _days(last, now)]
    return any(item is not None for item in table.each(*places))


def _days(last: int, now: int) -> Iterator[int]:
    """From today back to the day of `last`, at most 8 days."""
    return islice(range(now // clock.DAY, last // clock.DAY - 1, -1), _MOST_DAYS)


def _key(hook: AppHook, day: int) -> str:
    """Networks of one provider may share an app; then it is repaired for all of them."""
    return lookups.mended(f"{hook.consent.provider}.{hook.app.id}", day)
