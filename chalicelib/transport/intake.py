"""From a webhook's bytes to conversations: verify, store durably, acknowledge; then read, route and apply each item.

A webhook is acknowledged only once its body is stored. Each item is applied on its own, so a bad item does not stop the
others, and applying a delivery again changes nothing.
"""

import base64
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import clock, errors, ids, log, networks, strict_json
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.aws import queues, secrets, storage
from chalicelib.aws.queues import Task
from chalicelib.channels import channels
from chalicelib.channels.channels import Owner
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.networks import base
from chalicelib.store import fence, quota
from chalicelib.store.models.work import Job
from chalicelib.transport import apply, bodies, deliveries, envelopes, ledger
from chalicelib.transport.envelopes import Envelope

LARGEST_BYTES = 4 << 20
MOST_ITEMS_AT_ONCE = 100
MOST_REPLAYS_PER_MINUTE = 30
REPLAY_PORTION = 200


class Failed(Exception):
    """Raised when some items could not be applied; its argument says how many. The queue delivers them again."""


def accept(network: base.Network, hook_channel: str, raw: bytes, headers: base.Headers, now: int) -> None:
    """Verifies a webhook's body with the secrets of its hook, and queues it. `hook_channel` is "" for a hook that all
    accounts of the network share.

    Raises Unauthenticated if it does not verify, whatever the reason; TooLarge above 4 MB.
    """
    if len(raw) > LARGEST_BYTES:
        raise errors.TooLarge
    known = hook_secrets(network, hook_channel, now)
    if not network.verify(raw, headers, known):
        log.count("ingress_rejected", network=network.key)
        if not (hook_channel or known.signing) and channels.needs_our_app(network, network.about(raw)):
            log.count("ingress_unconfigured", network=network.key)
        raise errors.Unauthenticated
    group = hook_channel or f"{network.key}:{network.about(raw)}"
    queues.send(envelopes.task(network.key, hook_channel, raw, now, group=group))


def hook_secrets(network: base.Network, hook_channel: str, now: int) -> base.Secrets:
    """The secrets of a hook. If none are configured they are empty, and everything is refused."""
    if not hook_channel:
        return secrets.of_network(network.key, now)
    owner = channels.owner_of_hook(network.key, hook_channel)
    if owner is None:
        return base.Secrets()
    with fence.within(owner.agency):
        return channels.hook_secrets(owner, now)


def process(envelope: Envelope, attempt: int, now: int) -> Mapping[str, int]:
    """Applies all items of a queued delivery, or queues a large one again in parts; gives the number of each outcome.

    Raises Failed after all items were tried if some of them could not be applied.
    """
    network = networks.get(envelope["network"])
    if network is None:
        return {"lost": 1}
    try:
        id, items = _read(network, envelope)
        items = [(key, replace(inbound, place=n)) for n, (key, inbound) in enumerate(items, envelope.get("first", 0))]
    except strict_json.Unreadable as reason:
        quarantine(network.key, _raw(envelope), str(reason), envelope["received_at"])
        return {"quarantined": 1}
    shares = _shares(envelope, items)
    outcomes: Counter[str] = Counter()
    if unroutable := shares.pop(None, []):
        log.count("unroutable", network=network.key)
        outcomes["unroutable"] = len(unroutable)
    if len(items) > MOST_ITEMS_AT_ONCE:
        return {**outcomes, "split": _split(envelope, id, shares)}
    for owner, share in shares.items():
        if owner:
            with fence.within(owner.agency):
                outcomes += _apply_share(owner, id, share, envelope["received_at"], attempt, now)
    if outcomes["failed"]:
        raise Failed(outcomes["failed"])
    return outcomes


def _read(network: base.Network, envelope: Envelope) -> tuple[str, list[bodies.Item]]:
    """The delivery's id and its items: of a network's body, or those that `_split` or `replay` queued."""
    if "items" in envelope or "ledger" in envelope:
        items = envelope["items"] if "items" in envelope else _replayed(envelope)
        return envelope["event"], [(network.key, inbound) for item in items for inbound in network.parse(item)]
    raw = _raw(envelope)
    return envelope.get("event") or ledger.event_id(raw, envelope["received_at"]), bodies.read(network, raw)


def _replayed(envelope: Envelope) -> list[base.Json]:
    """The items of the ledger entries that the envelope names. The fence refuses entries of another agency."""
    with fence.within(envelope["agency"]):
        return [item for name in envelope["ledger"] for item in deliveries.items(name)]


def _raw(envelope: Envelope) -> bytes:
    if "stored" in envelope:
        return storage.get(envelope["stored"]) or b""
    return base64.b64decode(envelope["base64"]) if "base64" in envelope else str(envelope["body"]).encode()


def _split(envelope: Envelope, id: str, shares: Mapping[Owner | None, list[base.Inbound]]) -> int:
    """Queues the items in parts, each with its owner, and gives how many items there are."""
    tasks: list[Task] = []
    for owner, share in shares.items():
        first = 0
        for part in bodies.parts(share):
            if owner:
                tasks.append(_part(envelope, f"{id}{len(tasks)}", owner, part, first))
            first += len(part)
    queues.send(*tasks)
    return sum(len(share) for share in shares.values())


def _part(envelope: Envelope, event: str, owner: Owner, part: list[base.Json], first: int) -> Task:
    """The task for some items of a delivery, stored in the bucket if too large for the queue. `first` is the place of
    the first of them.
    """
    head = _own_envelope(owner, envelope["hook"], envelope["received_at"])
    items = (
        {"items": part} if bodies.fits({"items": part}) else envelopes.store(owner.network, bodies.as_bytes(part[0]))
    )
    return Task("inbound", {**head, "event": event, "first": first, **items}, group=owner.agency)


def _own_envelope(owner: Owner, hook_channel: str, received_at: int) -> Envelope:
    """The fields of an envelope that we queue again. It names the owner, who was found when the delivery came in."""
    whose = {"agency": owner.agency, "channel": owner.channel}
    return {"network": owner.network, "hook": hook_channel, "received_at": received_at, **whose}


def _shares(envelope: Envelope, items: list[bodies.Item]) -> dict[Owner | None, list[base.Inbound]]:
    """The items by owner. Under None are items without an owner, and those whose owner is not the
    one in the envelope.
    """
    owners: dict[tuple[str, str], Owner | None] = {}
    shares: dict[Owner | None, list[base.Inbound]] = defaultdict(list)
    for key, inbound in items:
        account = (key, inbound.account)
        if account not in owners:
            owners[account] = _owner(envelope, key, inbound.account)
        shares[owners[account]].append(inbound)
    return shares


def _owner(envelope: Envelope, network: str, account: str) -> Owner | None:
    owner = channels.owner_at(network, account, envelope["hook"], envelope["received_at"])
    named = (envelope.get("agency"), envelope.get("channel"))
    return owner if owner and named in ((None, None), (owner.agency, owner.channel)) else None


def _apply_share(
    owner: Owner, id: str, share: list[base.Inbound], received_at: int, attempt: int, now: int
) -> Counter[str]:
    if attempt > 1:  # the attempt before may have ended before it wrote anything into the ledger
        ledger.write(owner, id, "received", [inbound.raw for inbound in share], "", received_at, now)
    outcomes: dict[str, list[tuple[base.Inbound, str]]] = defaultdict(list)
    for inbound in share:
        outcome, reason = _outcome(owner, inbound, received_at)
        outcomes[outcome].append((inbound, reason))
    for outcome, group in outcomes.items():
        first_reason = group[0][1]
        ledger.write(owner, id, outcome, [inbound.raw for inbound, _ in group], first_reason, received_at, now)
    return Counter({outcome: len(group) for outcome, group in outcomes.items()})


def _outcome(owner: Owner, inbound: base.Inbound, received_at: int) -> tuple[str, str]:
    if isinstance(inbound.event, base.Unhandled):
        return "unhandled", inbound.event.reason
    try:
        apply.event(owner, inbound, received_at)
    except Exception as error:  # noqa: BLE001 - a bad item must not stop the others; it is retried
        log.problem("inbound_failed", error, network=owner.network, channel=owner.channel)
        return "failed", type(error).__name__
    return "applied", ""


def quarantine(network: str, raw: bytes, reason: str, received_at: int) -> None:
    """Stores, for 30 days, a body that verifies but cannot be read. It is not retried, because that would not help."""
    log.count("quarantined", network=network)
    storage.put(f"quarantine/{network}/{received_at:013d}.{ids.digest(raw.decode('latin-1'))}", raw, "text/plain")


def replay(actor: Actor, start: int, end: int, filters: Mapping[str, str], now: int) -> Job:
    """Starts a job that queues again the ledger entries that arrived from `start` up to `end` (ms) and match the
    filters.

    Raises TooMany after 30 in a minute.
    """
    quota.take(actor.agency, "replay", MOST_REPLAYS_PER_MINUTE, now)
    wanted = {"since": clock.text(start), "until": clock.text(end), **filters}
    entry = audit.entry(actor, "ingest.replay", filters.get("channel", actor.agency), now, after=wanted)
    return jobs.start(actor, "replay", {"start": start, "end": end, "filters": dict(filters)}, now, entry)


def replay_portion(actor: Actor, parameters: Mapping[str, Any], position: str, now: int) -> Portion:
    """Queues the next attempts of a replay, each with all of its entries, because the ledger shows the latest attempt
    of a delivery.
    """
    start, end = int(parameters["start"]), int(parameters["end"])
    attempts, following = ledger.portion(actor, start, end, parameters["filters"], after=position, most=REPLAY_PORTION)
    queues.send(*(_replay_task(actor.agency, attempt) for attempt in attempts))
    return Portion(sum(map(len, attempts)), following)


def _replay_task(agency: str, attempt: ledger.Attempt) -> Task:
    entry, stored = attempt[0], [entry.key for entry in attempt]
    network = networks.get(entry.network)
    hook_channel = entry.channel if network and network.secret_per_channel else ""
    head = _own_envelope(Owner(agency, "", entry.channel, entry.network), hook_channel, entry.received_at)
    return Task("inbound", {**head, "event": entry.id, "ledger": stored}, group=agency)
