"""The accounts that a consent gives access to: which of them are channels already, and how they become channels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, networks
from chalicelib.access.actors import Actor
from chalicelib.channels import channels, connections, reconnections
from chalicelib.channels.grants import Grant
from chalicelib.consents import apps, consents
from chalicelib.networks.base import Account, Credentials, Tokens
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, StoredConsent, Upkeep

Json = Mapping[str, Any]


def connect(
    actor: Actor, consent: StoredConsent, chosen: Sequence[str], hooks: str, now: int, move: str = ""
) -> list[Json]:
    """Connects the chosen accounts, or gives those that are channels of the brand already new credentials.

    `move` is the code with which another agency hands one of them over. Gives for each account its channel, or the
    problem. A repeat connects nothing twice.
    """
    tokens, accounts = consents.tokens_and_accounts(consent)
    if missing := list(consents.missing(consent, tokens)):
        raise errors.Conflict(
            f"The consent lacks scopes: {', '.join(missing)}. Consent again, and grant them.", code="scopes_missing"
        )
    known, ours = {account.id: account for account in accounts}, channels_by_account(consent)
    if set(chosen) - known.keys():
        raise errors.Invalid(
            "The consent gives no access to at least one of these accounts.", code="unknown_reference", field="accounts"
        )
    return [
        _connect_account(actor, consent, tokens, known[id], ours.get(id), hooks, now, move)
        for id in dict.fromkeys(chosen)
    ]


def _connect_account(
    actor: Actor,
    consent: StoredConsent,
    tokens: Tokens,
    account: Account,
    channel: Channel | None,
    hooks: str,
    now: int,
    move: str,
) -> Json:
    how = consents.login_of(consent)
    renews = bool(how and how.renew) and not account.token
    grant = Grant(
        tokens=tokens if renews or not account.token else _user_and_scopes(tokens), app=consent.app, renews=renews
    )
    credentials = _credentials(consent, tokens, account)
    try:
        if channel and channel.brand == consent.brand:
            reconnections.reconnect(actor, channel, credentials, hooks, now, grant=grant)
        else:
            channel, _ = connections.connect(
                actor, brand_id=consent.brand, network_key=consent.network, credentials=credentials,
                name=account.name[:100], hooks=hooks, now=now, grant=grant,
                move=move if channels.owner_of(consent.network, account.id) else "",
            )  # fmt: skip
    except errors.Problem as problem:
        return {"account": account.id, "channel": None, "code": problem.code, "detail": problem.detail or None}
    return {"account": account.id, "channel": channel.id, "code": None, "detail": None}


def _user_and_scopes(tokens: Tokens) -> Tokens:
    """For an account with a token of its own: that token does not expire, so only user and scopes are taken from the
    grant.
    """
    return Tokens(token="", user=tokens.user, scopes=tokens.scopes)


def _credentials(consent: StoredConsent, tokens: Tokens, account: Account) -> Credentials:
    """With an app of the agency's own, the app's secret signs what the network posts."""
    app = apps.find(consent.pk, consent.network, consent.app, consent.product) if consent.app else None
    own_token = bool(account.token)
    return Credentials(
        account=account.id, token=account.token or tokens.token, secret=app.secret if app else "",
        refresh="" if own_token else tokens.refresh, key=tokens.key, details={**tokens.details, **account.details},
    )  # fmt: skip


def channels_by_account(consent: StoredConsent) -> Mapping[str, Channel]:
    """The agency's channels of that network, by each id of their accounts."""
    ours = [channel for channel in channels.every(consent.pk) if channel.network == consent.network]
    return {id: channel for channel in ours for id in (*channel.also, channel.account)}


def losing_consent(consent: StoredConsent, accounts: Sequence[Account], user: str) -> Iterator[Channel]:
    """Channels that depend on the same person's consent, and that this consent no longer covers.

    A network that keeps one grant per person and app drops the accounts that the new consent leaves out; networks that
    share such a grant, as those of Pages do, drop each other's.
    """
    if not user:
        return
    reached = {str(account.details.get("page") or account.id) for account in accounts}
    for channel in channels.every(consent.pk):
        asked = {str(channel.details.get("page") or channel.account), *channel.also}
        if not _share_consent(consent.network, channel.network) or reached & asked:
            continue
        kept = table.get(Upkeep, consent.pk, keys.UPKEEP + channel.id)
        if kept and kept.user == user and kept.app == consent.app:
            yield channel


def _share_consent(network: str, other: str) -> bool:
    """True if a person's consent for one network also holds for the other."""
    shared = [known.consent.shares for key in (network, other) if (known := networks.get(key)) and known.consent]
    return network == other or (len(shared) == 2 and shared[0] == shared[1] != "")


def view(consent: StoredConsent, now: int) -> Json:
    """The consent as the API shows it; its tokens are never shown."""
    status = consents.status_of(consent, now)
    shown: Json = {
        "id": consent.id, "brand": consent.brand, "network": consent.network, "status": status,
        "reason": consent.reason or None, "ends_at": clock.text(consent.ends_at), "accounts": [], "missing": [],
        "losing": [],
    }  # fmt: skip
    if status != "granted":
        return shown
    tokens, accounts = consents.tokens_and_accounts(consent)
    ours = channels_by_account(consent)
    return {
        **shown,
        "accounts": [_row(consent, account, ours.get(account.id)) for account in accounts],
        "missing": list(consents.missing(consent, tokens)),
        "losing": [
            {"channel": channel.id, "name": channel.name} for channel in losing_consent(consent, accounts, tokens.user)
        ],
    }


def _row(consent: StoredConsent, account: Account, channel: Channel | None) -> Json:
    taken = channels.owner_of(consent.network, account.id)
    return {
        "id": account.id, "name": account.name, "picture": account.picture or None,
        "channel": channel.id if channel else None,
        "is_taken": bool(taken) and not (channel and channel.brand == consent.brand),
    }  # fmt: skip
