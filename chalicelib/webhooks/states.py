"""Changes of an endpoint as a whole: a new secret, disabling, and enabling."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from chalicelib import clock, errors
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.events import lane
from chalicelib.store import due, keys, table
from chalicelib.store.models.webhooks import Endpoint, Standing
from chalicelib.webhooks import endpoints, sealing, signatures
from chalicelib.webhooks.signatures import Scheme

# Why nothing is delivered: somebody wanted it so; the receiver answered 410; five days without success; nobody who may
# have what it is told of answers for it any more.
Reason = Literal["stopped", "gone", "failing", "unanswered"]


def rotate(
    actor: Actor, endpoint: Endpoint, *, overlap_seconds: int, signature: Scheme | None, now: int
) -> tuple[Endpoint, str]:
    """Gives the endpoint with a new secret, and what its receiver verifies with from now on.

    The present secrets sign as well for that many seconds. Raises Conflict for the sixth valid secret.
    """
    scheme: Scheme = signature or ("v1a" if endpoint.signature == "v1a" else "v1")
    sealed, secret = sealing.rotated(endpoint, scheme, overlap_seconds * clock.SECOND, now)
    entry = audit.entry(actor, "webhook.rotate", endpoint.id, now, after={"overlap_seconds": overlap_seconds})
    actions = [Endpoint.sealed.set(sealed), Endpoint.signature.set(scheme)]
    return endpoints.write(endpoint, actions, entry), secret


def secrets(endpoint: Endpoint, now: int) -> Mapping[str, Any]:
    """What the receiver verifies with; earlier secrets are listed until they expire."""
    newest, *previous = map(signatures.shown, sealing.opened(endpoint, now).secrets)
    return {"secret": newest, "previous_secrets": previous}


def enable(actor: Actor, endpoint: Endpoint, *, replay: bool, now: int) -> Endpoint:
    """Enables the endpoint at once: with `replay` it gets what it missed, else only events from now on.

    From then on the actor answers for it. An endpoint that is not disabled but fails is tried at once.
    """
    if not endpoint.disabled:
        table.transact(_rested(endpoint))
        return endpoint
    place = [] if replay else _at_end(endpoint, now)
    entry = audit.entry(actor, "webhook.enable", endpoint.id, now, before={"reason": endpoint.disabled})
    actions = [Endpoint.disabled.remove(), Endpoint.maker.set(actor.person)]
    return endpoints.write(endpoint, actions, entry, _rested(endpoint, *place, Standing.version.add(1)))


def _rested(endpoint: Endpoint, *more: table.Action) -> table.Write:
    """For transact: resets the breaker and the failed tries."""
    again = [Standing.breaker.set({}), Standing.tries.set({}), Standing.wake_at.set(0), Standing.held_until.set(0)]
    standing = Standing(endpoint.pk, keys.standing(endpoint.id))
    return table.changing(standing, [*again, *more], Standing.pk.exists(), otherwise=errors.NotFound)


def _at_end(endpoint: Endpoint, now: int) -> list[table.Action]:
    number = lane.head(keys.agency_of(endpoint.pk)) + 1
    return [Standing.number.set(number), Standing.index.set(0), Standing.ahead.set([]), Standing.ended_at.set(now)]


def disable(actor: Actor, endpoint: Endpoint, now: int) -> Endpoint:
    """Delivers nothing more; missed events are kept for a week. Does nothing if the endpoint is disabled already."""
    if endpoint.disabled:
        return endpoint
    return endpoints.write(endpoint, [Endpoint.disabled.set("stopped")], _disabling(actor, endpoint, "stopped", now))


def give_up(endpoint: Endpoint, reason: Reason, now: int) -> Sequence[table.Write]:
    """For transact: disables the endpoint, and has its agency's owners told. The transaction fails if it is disabled
    already.
    """
    agency = keys.agency_of(endpoint.pk)
    return (
        table.changing(
            Endpoint(endpoint.pk, endpoint.sk),
            [Endpoint.disabled.set(reason), Endpoint.version.add(1)],
            Endpoint.pk.exists() & Endpoint.disabled.does_not_exist(),
        ),
        _disabling(actors.system(agency), endpoint, reason, now),
        due.at(agency, now, "webhook_disabled", endpoint.id),
    )


def _disabling(actor: Actor, endpoint: Endpoint, reason: Reason, now: int) -> table.Write:
    return audit.entry(actor, "webhook.disable", endpoint.id, now, after={"reason": reason})
