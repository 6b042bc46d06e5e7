"""Accounts on networks that members name as their own: the agency's rules do not apply to what these write.

They are stored with their member, and each also under a key of its own in the agency, by which it is found when
somebody writes. No other agency learns of them, and they are deleted with the member.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import errors, networks
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.people import members
from chalicelib.store import keys, table
from chalicelib.store.models.people import Member, OwnAccount

Account = Mapping[str, Any]
MOST_ACCOUNTS = 20
LONGEST_NAME = 200


def change(actor: Actor, named: Sequence[Account], now: int) -> Member:
    """Makes these the actor's only accounts. Raises NotFound for an API key, which has none.

    Raises Invalid for an unknown network, Conflict for an account that another member has named.
    """
    return _keep(actor, members.get(actor, actor.member), [_checked(account) for account in named], now)


def take_away(actor: Actor, member: Member, account: Account, now: int) -> Member:
    """Removes an account that the member named as their own; does nothing if they did not.

    Raises Forbidden like `members.change`, PreconditionFailed if the member's accounts change at the same time.
    """
    members.check_may_grant(actor, member.grants)
    left = [other for other in view(member) if any(other[name] != value for name, value in account.items())]
    return _keep(actor, member, left, now, taken_away=account["network"])


def _keep(actor: Actor, member: Member, accounts: Sequence[Account], now: int, **more: str) -> Member:
    if accounts == view(member):
        return member
    is_same = Member.accounts == member.accounts if member.accounts else Member.accounts.does_not_exist()
    kept = Member.accounts.set(list(accounts)) if accounts else Member.accounts.remove()
    before, after = _keys(member.accounts or ()), _keys(accounts)
    is_free, taken = OwnAccount.pk.does_not_exist(), _named_by_another()
    # No names: an audit keeps for ever.
    note = {"accounts": sorted({account["network"] for account in accounts}), **more}
    table.transact(
        table.changing(Member(member.pk, member.sk), [kept], is_same, otherwise=errors.PreconditionFailed),
        *(table.deleting(OwnAccount(member.pk, key)) for key in sorted(before - after)),
        *(
            table.putting(OwnAccount(member.pk, key, member=member.id), is_free, otherwise=taken)
            for key in sorted(after - before)
        ),
        audit.entry(actor, "member.change", member.id, now, after=note),
    )
    return members.get(actor, member.id)


def _named_by_another() -> errors.Conflict:
    return errors.Conflict(
        "Another member has named this account as theirs.", code="named_by_another", field="accounts"
    )


def _checked(account: Account) -> Account:
    if networks.get(account["network"]) is None:
        raise errors.Invalid("One of the networks does not exist.", code="unknown_reference", field="accounts")
    return {name: account.get(name) for name in ("network", "id", "username")}


def view(member: Member) -> list[Account]:
    return [dict(account) for account in member.accounts or ()]


def leaving(member: Member) -> list[table.Write]:
    """For transact: deletes the accounts of a member who is removed."""
    return [table.deleting(OwnAccount(member.pk, key)) for key in sorted(_keys(member.accounts or ()))]


def _keys(accounts: Sequence[Account]) -> set[str]:
    return {
        key
        for account in accounts
        for key in keys_of(account["network"], account["id"] or "", account["username"] or "")
    }


def keys_of(network: str, account: str, username: str) -> list[str]:
    """The sort keys, in the agency's partition, under which an account is found: by its id, and by its user name."""
    name = username.removeprefix("@").casefold()
    return [keys.identity(network, handle) for handle in (account, name and f"@{name}") if handle]
