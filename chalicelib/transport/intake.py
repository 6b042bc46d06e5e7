"""From a webhook's bytes to conversations: verify, store durably, acknowledge; then read, route and apply each item.

A body is answered only once it is safe. Each item is applied on its own, so a bad one neither blocks nor hides others,
and applying a delivery again changes nothing.
"""

import base64
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from chalicelib import errors, ids, log, networks, strict_json
from chalicelib.access.actors import Actor
from chalicelib.aws import queues, secrets, storage
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.networks import base
from chalicelib.store import fence
from chalicelib.transport import apply, ledger

LARGEST = 4 << 20
LARGEST_IN_QUEUE = 200 << 10
MOST_AT_ONCE = 100
CHUNK = 25
Envelope = Mapping[str, Any]
Item = tuple[str, base.Inbound]


class Failed(Exception):
    """So many items could not be applied now; the delivery comes back."""


def accept(network: base.Network, own: str, raw: bytes, headers: base.Headers, now: int) -> None:
    """Take a webhook body: verified against the network's secrets, or those of channel `own`, then queued.

    Raises Unauthenticated if it does not verify, whatever the reason; TooLarge above 4 MB.
    """
    if len(raw) > LARGEST:
        raise errors.TooLarge
    if not network.verify(raw, headers, hook_secrets(network, own, now)):
        log.count("ingress_rejected", network=network.key)
        raise errors.Unauthenticated
    queues.send("inbound", _envelope(network.key, own, raw, now))


def hook_secrets(network: base.Network, own: str, now: int) -> base.Secrets:
    """What a hook is verified against; empty, which refuses all, when nothing is configured."""
    if not own:
        found = secrets.of_network(network.key, now)
        if not found.signing:
            log.count("ingress_unconfigured", network=network.key)
        return found
    owner = channels.owner_of_hook(network.key, own)
    if owner is None:
        return base.Secrets()
    with fence.within(owner.agency):
        return channels.hook_secrets(owner, now)


def _envelope(network: str, own: str, raw: bytes, now: int) -> Envelope:
    envelope = {"network": network, "hook": own, "received_at": now}
    if len(raw) > LARGEST_IN_QUEUE:
        key = f"inbound/{network}/{ids.new('raw')}"
        storage.put(key, raw, "application/octet-stream")
        return {**envelope, "stored": key}
    if raw.isascii():
        return {**envelope, "body": raw.decode()}
    return {**envelope, "base64": base64.b64encode(raw).decode()}


def process(envelope: Envelope, attempt: int, now: int) -> Mapping[str, int]:
    """Apply all items of a queued delivery, or hand a large one on in parts; gives how many had which outcome.

    Raises Failed, after the rest is done, if some could not be applied.
    """
    network = networks.get(envelope["network"])
    if network is None:
        return {"lost": 1}
    try:
        id, found = _read(network, envelope)
    except strict_json.Unreadable as reason:
        quarantine(network.key, _raw(envelope), str(reason), envelope["received_at"])
        return {"quarantined": 1}
    if len(found) > MOST_AT_ONCE:
        return {"split": _split(envelope, id, found)}
    outcomes: Counter[str] = Counter()
    for owner, share in _shares(envelope["hook"], found).items():
        if owner is None:
            log.count("unroutable", network=network.key)
            outcomes["unroutable"] += len(share)
        else:
            with fence.within(owner.agency):
                outcomes += _apply_share(owner, id, share, envelope["received_at"], attempt, now)
    if outcomes["failed"]:
        raise Failed(outcomes["failed"])
    return outcomes


def _read(network: base.Network, envelope: Envelope) -> tuple[str, list[Item]]:
    """The delivery's id and its items. It comes as bytes from outside, or as items already taken apart by us."""
    if "items" in envelope or "ledger" in envelope:
        bodies = envelope["items"] if "items" in envelope else ledger.items(envelope["ledger"])
        return envelope["event"], [(network.key, inbound) for body in bodies for inbound in network.parse(body)]
    raw = _raw(envelope)
    payload = strict_json.loads(raw)
    if not isinstance(payload, dict):
        raise strict_json.Unreadable("not an object")
    items = [(network.key, inbound) for inbound in network.parse(payload)]
    for key in network.siblings:
        sibling = networks.get(key)
        items += [(key, inbound) for inbound in sibling.parse(payload)] if sibling else []
    left = base.Unhandled(reason=base.SIBLING)
    return ledger.event_id(raw, envelope["received_at"]), [item for item in items if item[1].event != left]


def _raw(envelope: Envelope) -> bytes:
    if "stored" in envelope:
        return storage.get(envelope["stored"]) or b""
    return base64.b64decode(envelope["base64"]) if "base64" in envelope else str(envelope["body"]).encode()


def _split(envelope: Envelope, id: str, items: list[Item]) -> int:
    for start in range(0, len(items), CHUNK):
        for key, some in groupby(items[start : start + CHUNK], key=lambda item: item[0]):
            head = {"network": key, "hook": envelope["hook"], "received_at": envelope["received_at"]}
            bodies = [inbound.raw for _, inbound in some]
            queues.send("inbound", {**head, "event": f"{id}{start}", "items": bodies})
    return len(items)


def _shares(own: str, items: list[Item]) -> Mapping[Owner | None, list[base.Inbound]]:
    """The items by whom they are for."""
    owners: dict[tuple[str, str], Owner | None] = {}
    shares: dict[Owner | None, list[base.Inbound]] = defaultdict(list)
    for key, inbound in items:
        place = (key, inbound.account)
        if place not in owners:
            owners[place] = _owner(key, own, inbound.account)
        shares[owners[place]].append(inbound)
    return shares


def _owner(network: str, own: str, account: str) -> Owner | None:
    """Whose an item is. What came to a channel's own hook was signed by its agency, and can be for that agency only."""
    if not own:
        return channels.owner_of(network, account)
    of_hook = channels.owner_of_hook(network, own)
    of_account = channels.owner_of(network, account) if account else of_hook
    return of_account if of_hook and of_account and of_account.agency == of_hook.agency else None


def _apply_share(
    owner: Owner, id: str, share: list[base.Inbound], received_at: int, attempt: int, now: int
) -> Counter[str]:
    if attempt > 1:  # the attempt before may have died without a trace
        ledger.write(owner, id, "received", [inbound.raw for inbound in share], "", received_at, now)
    found: dict[str, list[tuple[base.Inbound, str]]] = defaultdict(list)
    for inbound in share:
        outcome, reason = _outcome(owner, inbound, received_at)
        found[outcome].append((inbound, reason))
    for outcome, done in found.items():
        ledger.write(owner, id, outcome, [inbound.raw for inbound, _ in done], done[0][1], received_at, now)
    return Counter({outcome: len(done) for outcome, done in found.items()})


def _outcome(owner: Owner, inbound: base.Inbound, received_at: int) -> tuple[str, str]:
    if isinstance(inbound.event, base.Unhandled):
        return "unhandled", inbound.event.reason
    try:
        apply.event(owner, inbound, received_at)
    except Exception as error:  # noqa: BLE001 - one bad item must not take the others along; it is kept and retried
        log.problem("inbound_failed", error, network=owner.network, channel=owner.channel)
        return "failed", type(error).__name__
    return "applied", ""


def quarantine(network: str, raw: bytes, reason: str, received_at: int) -> None:
    """Keep, for 30 days, a body that is truly the network's but cannot be read; a repeat would not help."""
    log.count("quarantined", network=network)
    storage.put(f"quarantine/{network}/{received_at:013d}.{ids.digest(raw.decode('latin-1'))}", raw, "text/plain")


def replay(actor: Actor, start: int, end: int, filters: Mapping[str, Any]) -> int:
    """Queue what arrived in that time once more; gives how many entries. The result is the same as it was."""
    count = 0
    for entry in ledger.wanted(actor, start, end, filters):
        network = networks.get(entry.network)
        own = entry.channel if network and network.secret_per_channel else ""
        head = {"network": entry.network, "hook": own, "received_at": entry.received_at}
        queues.send("inbound", {**head, "event": entry.id, "ledger": entry.key})
        count += 1
    return count
