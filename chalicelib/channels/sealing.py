"""What is stored encrypted of a channel: its credentials, and the secrets of its own hook."""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, ids
from chalicelib.aws import secrets
from chalicelib.networks.base import Credentials, Network
from chalicelib.store import keys
from chalicelib.store.models.channels import Channel

Sealed = Mapping[str, Any]  # of a hook, as aws.secrets.current reads it
CHANGEOVER = 2 * clock.DAY  # longer than until the daily look, which sets the hooks of apps right
_MOST_BEFORE = 3  # secrets in a row that were changed within a changeover, and still hold


def new_channel(
    agency: str, brand_id: str, network: Network, known: Credentials, now: int
) -> tuple[Channel, Mapping[str, str]]:
    """A new channel with its encrypted secrets, not written yet, and the secrets of its hook that are shown once.

    It has a hook of its own if the network has a secret per channel, or if the account has its own app.
    """
    id, hook = ids.new("chn"), {}
    if network.secret_per_channel and not network.token_signs:
        hook = {"secret": ids.secret()}
    elif known.secret:
        hook = {"verify_token": ids.secret()}
    signing = known.token if network.token_signs else hook.get("secret") or known.secret
    verify, has_hook = hook.get("verify_token"), bool(hook) or network.token_signs
    own_hook = {"signing": [signing] if signing else [], "verify": [verify] if verify else []}
    sealed = {**sealed_parts(known), "hook": own_hook}
    channel = Channel(
        agency, keys.noun(id), id=id, brand=brand_id, network=network.key, account=known.account,
        details=dict(known.details), own_hook=has_hook, sealed=secrets.seal(agency, id, sealed), created_at=now,
    )  # fmt: skip
    return channel, hook


def app_signs(network: Network) -> bool:
    """True if posts are signed with the secret of the account's app; else each channel has a secret of its own."""
    return not (network.secret_per_channel or network.token_signs)


def of_other_app(before: Sealed, secret: str, now: int) -> tuple[Sealed, Mapping[str, str]]:
    """The secrets of a channel's hook when it is connected through another app, and those of them that are shown once.

    Without a secret it is our app, and the channel uses the network's shared hook. The earlier secrets are valid until
    the changeover is over.
    """
    shown = {"verify_token": ids.secret()} if secret else {}
    hook = {"signing": [secret] if secret else [], "verify": list(shown.values())}
    return {**hook, "previous": _previous(before, now + CHANGEOVER, now)}, shown


def of_other_secret(before: Sealed, secret: str, now: int) -> Sealed:
    """The secrets of a channel's hook when the same app has a new secret; the verify token stays.

    If somebody sets a wrong secret and then the right one, no post may be lost; so the earlier secrets stay valid until
    the changeover is over.
    """
    verify = list(before.get("verify", ()))
    return {"signing": [secret], "verify": verify, "previous": _previous(before, now + CHANGEOVER, now)}


def _previous(hook: Sealed, until: int, now: int, left: int = _MOST_BEFORE) -> Sealed:
    older = hook.get("previous") or {}
    holds = left > 1 and older.get("until", 0) > now
    more = {"previous": _previous(older, older["until"], now, left - 1)} if holds else {}
    return {"signing": list(hook.get("signing", ())), "verify": list(hook.get("verify", ())), "until": until, **more}


def sealed_parts(known: Credentials) -> Mapping[str, str]:
    """The parts of credentials that are sealed."""
    return {"token": known.token, "secret": known.secret, "refresh": known.refresh, "key": known.key}
