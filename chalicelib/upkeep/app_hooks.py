"""Whether what a network posts for an app comes to a hook of ours, and how that is mended: by the app's verify token.

One app has many channels. Whoever looks first mends it for all of them, so it is written down for the others, who may
have missed something meanwhile, for as long as it takes until each was looked after.
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
    """What was not posted when it was looked at, and what still is not.

    `was_mended` says that somebody mended something since the last look.
    """

    was: Sequence[str] = ()
    still: Sequence[str] = ()
    was_mended: bool = False


@dataclass(frozen=True, kw_only=True)
class AppHook:
    """The app by which a channel is connected, with its `key` as in consents.apps, and the address of all our hooks.

    `verify` is the token that the network has to show our hook, empty if we have none.
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
    """With the token of our own app's hook, or with that of the channel's own."""
    if key == apps.OURS:
        known = secrets.of_network(channel.network, now)
    else:
        known = secrets.current(secrets.unseal(channel.pk, channel.id, channel.sealed).get("hook", {}), now)
    verify = next(iter(known.verify), "")
    return AppHook(channel=channel, consent=consent, app=app, key=key, hooks=hooks, verify=verify)


def look(hook: AppHook, last: int, now: int, *, asked: bool) -> Heard:
    """Asks the network, and mends what may be mended. `last` is when somebody looked before (ms).

    What an app of the agency's own posts to some other program is left alone, unless somebody `asked` for it to be
    mended. Raises an Outcome if the network does not tell.
    """
    if hook.consent.posting is None:
        return Heard()
    posting = hook.consent.posting(hook.app)
    missing = unheard(hook, posting)
    if not missing:
        return Heard(was_mended=_was_mended(hook, last, now))
    if not _may_mend(hook, posting, asked=asked) or not _mended(hook, now):
        return Heard(was=missing, still=missing)
    return Heard(was=missing, still=unheard(hook, hook.consent.posting(hook.app)))


def unheard(hook: AppHook, posting: base.Posting) -> Sequence[str]:
    """What does not come to us, by its names; `address` if nothing does."""
    return posting.missing if _leads_here(hook, posting.address) else ("address",)


def _leads_here(hook: AppHook, address: str) -> bool:
    """True for a hook at which what the app posts is taken for the channel.

    Our app has one for each network. An app of an agency's own has that of any of its channels there.
    """
    if not address.startswith(f"{hook.hooks}/"):
        return False
    network, _, id = address.removeprefix(f"{hook.hooks}/").partition("/")
    if network not in (hook.channel.network, *channels.network_of(hook.channel).siblings):
        return False
    if hook.is_ours or not id:
        return hook.is_ours and not id
    return id == hook.channel.id or channels.hears_for(network, id, hook.channel)


def _may_mend(hook: AppHook, posting: base.Posting, *, asked: bool) -> bool:
    is_others = bool(posting.address) and not posting.address.startswith(f"{hook.hooks}/")
    return hook.consent.post_to is not None and (hook.is_ours or asked or not is_others)


def _mended(hook: AppHook, now: int) -> bool:
    """False if we do not have the token that the network has to show us, or if the network refuses.

    True also if it did not say what became of it: whoever looks again sees.
    """
    if not hook.verify or hook.consent.post_to is None:
        return False
    try:
        hook.consent.post_to(hook.app, hook.address, hook.verify)
    except base.Outcome as outcome:
        log.line("app_not_mended", channel=hook.channel.id, network=hook.channel.network, code=outcome.code)
        if not isinstance(outcome, base.Unknown):
            return False
    _keep(hook, now)
    return True


def _keep(hook: AppHook, now: int) -> None:
    """Once a day is enough: whoever was not looked at since then looks at what was missed."""
    day = now // clock.DAY
    item = MendedApp(_place(hook, day), lookups.MENDED, agency=hook.channel.pk, expires=(now + _KEPT) // clock.SECOND)
    table.put(item, MendedApp.pk.does_not_exist() | (MendedApp.agency == hook.channel.pk))


def _was_mended(hook: AppHook, last: int, now: int) -> bool:
    """On a day since the last look, the day of that look included: some look in vain then."""
    places = [(MendedApp, _place(hook, day), lookups.MENDED) for day in _days(last, now)]
    return any(item is not None for item in table.each(*places))


def _days(last: int, now: int) -> Iterator[int]:
    """The newest first."""
    return islice(range(now // clock.DAY, last // clock.DAY - 1, -1), _MOST_DAYS)


def _place(hook: AppHook, day: int) -> str:
    """Networks of one provider may share an app, which is mended for all of them then."""
    return lookups.mended(f"{hook.consent.provider}.{hook.app.id}", day)
