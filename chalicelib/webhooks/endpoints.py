"""Webhook endpoints: addresses to which events are posted. Whoever makes one must hold all permissions that it needs.

An agency has at most 20, each address once. Secrets and header values are stored encrypted; the header values are never
shown again.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.events import lane
from chalicelib.store import keys, table
from chalicelib.store.models.webhooks import Addresses, Endpoint, Standing
from chalicelib.webhooks import classes, sealing, targets
from chalicelib.webhooks.breakers import Breaker
from chalicelib.webhooks.signatures import Scheme

MOST = 20
WANTS = ("events", "brands", "channels", "networks", "surfaces", "classes")
_OF_ALL: Mapping[str, Any] = dict.fromkeys(WANTS)
_BUSY = "Others are changing the webhook endpoints at the same time. Try again."


def create(
    actor: Actor,
    *,
    url: str,
    now: int,
    description: str = "",
    detail: str = "thin",
    signature: Scheme = "v1",
    headers: Mapping[str, str] | None = None,
    **wanted: Any,
) -> tuple[Endpoint, str]:
    """Makes an endpoint that gets all events from now on. Gives it with what its receiver verifies with.

    Raises Invalid for an address that must not be called and for the 21st endpoint, Conflict for an address that
    another endpoint has, Forbidden for data that the actor may not have.
    """
    wants = {**_OF_ALL, **wanted}
    known_as, named = targets.address(url), sealing.checked_headers(headers or {})
    _check(actor, wants)
    id = ids.new("whk")
    sealed, secret = sealing.first(actor.agency, id, signature, named)
    endpoint = Endpoint(
        keys.webhooks(actor.agency), keys.endpoint(id), id=id, url=known_as, description=description, wants=wants,
        detail=detail, signature=signature, header_names=sorted(named), sealed=sealed, maker=actor.person,
        created_by=actor.member, created_at=now,
    )  # fmt: skip
    standing = Standing(endpoint.pk, keys.standing(id), number=lane.head(actor.agency) + 1, ended_at=now)
    after = {"classes": wants["classes"], "brands": wants["brands"], "detail": detail}
    table.transact(
        _occupied(actor.agency, known_as),
        table.putting(endpoint, Endpoint.pk.does_not_exist()),
        table.putting(standing),
        audit.entry(actor, "webhook.create", id, now, after=after),
    )
    return endpoint, secret


def change(actor: Actor, endpoint: Endpoint, changes: Mapping[str, Any], now: int) -> Endpoint:
    """`changes` has new values for fields of `create`, except the signature.

    From then on the actor answers for the endpoint. Raises what `create` raises, PreconditionFailed if it changed
    meanwhile, and Invalid if its headers would go to another host than they were given for.
    """
    wants = {**endpoint.wants, **{name: value for name, value in changes.items() if name in WANTS}}
    _check(actor, wants)
    url = targets.address(changes["url"]) if "url" in changes else endpoint.url
    headers = sealing.checked_headers(changes["headers"]) if "headers" in changes else None
    if headers is None and endpoint.header_names and not targets.is_same_host(url, endpoint.url):
        raise errors.Invalid(
            "The address is on another host: send the headers again, or an empty object.",
            code="headers_needed",
            field="headers",
        )
    actions = [Endpoint.wants.set(wants), Endpoint.url.set(url), Endpoint.maker.set(actor.person)]
    actions += [getattr(Endpoint, name).set(changes[name]) for name in ("description", "detail") if name in changes]
    if headers is not None:
        actions += sealing.with_headers(endpoint, headers)
    moved = [] if url == endpoint.url else [_moved(actor.agency, endpoint.url, url)]
    before, after = ({name: asked[name] for name in ("classes", "brands")} for asked in (endpoint.wants, wants))
    entry = audit.entry(
        actor, "webhook.change", endpoint.id, now, before=before, after={**after, "fields": sorted(changes)}
    )
    return write(endpoint, actions, entry, *moved)


def remove(actor: Actor, endpoint: Endpoint, now: int) -> None:
    """Raises PreconditionFailed if the endpoint changed meanwhile."""
    unchanged = Endpoint.version == endpoint.version
    table.transact(
        table.deleting(endpoint, unchanged, otherwise=errors.PreconditionFailed),
        table.deleting(Standing(endpoint.pk, keys.standing(endpoint.id))),
        table.changing(Addresses(endpoint.pk, keys.ADDRESSES), [Addresses.digests.delete({ids.digest(endpoint.url)})]),
        audit.entry(actor, "webhook.remove", endpoint.id, now),
    )


def write(endpoint: Endpoint, actions: Sequence[table.Action], *writes: table.Write) -> Endpoint:
    """Changes the endpoint, together with the writes. Raises PreconditionFailed if it changed meanwhile."""
    unchanged = Endpoint.version == endpoint.version
    blank = Endpoint(endpoint.pk, endpoint.sk)
    table.transact(
        table.changing(blank, [*actions, Endpoint.version.add(1)], unchanged, otherwise=errors.PreconditionFailed),
        *writes,
    )
    changed = find(keys.agency_of(endpoint.pk), endpoint.id)
    if changed is None:
        raise errors.NotFound
    return changed


def _check(actor: Actor, wants: Mapping[str, Any]) -> None:
    targets.check(actor, wants)
    if not classes.may_make(actor, classes.grant(wants["classes"], wants["brands"])):
        raise errors.Forbidden("The webhook endpoint would get data that you may not see.", code="beyond_own")


def _occupied(agency: str, url: str) -> table.Write:
    """For transact: takes one more address. Raises Conflict if another endpoint has it, Invalid for the 21st."""
    known = table.get(Addresses, keys.webhooks(agency), keys.ADDRESSES)
    digest, digests = ids.digest(url), (known.digests or set()) if known else set()
    if digest in digests:
        raise _address_taken()
    if len(digests) >= MOST:
        raise errors.Invalid(f"An agency has at most {MOST} webhook endpoints.", code="too_many_endpoints", field="url")
    unchanged = Addresses.digests == digests if digests else Addresses.digests.does_not_exist()
    return table.changing(
        Addresses(keys.webhooks(agency), keys.ADDRESSES), [Addresses.digests.add({digest})], unchanged,
        otherwise=errors.Conflict(_BUSY, code="changed_meanwhile"),
    )  # fmt: skip


def _moved(agency: str, before: str, after: str) -> table.Write:
    known = table.get(Addresses, keys.webhooks(agency), keys.ADDRESSES)
    digests = set(known.digests or ()) if known else set()
    if ids.digest(after) in digests:
        raise _address_taken()
    moved = digests - {ids.digest(before)} | {ids.digest(after)}
    return table.changing(
        Addresses(keys.webhooks(agency), keys.ADDRESSES), [Addresses.digests.set(moved)], Addresses.digests == digests,
        otherwise=errors.PreconditionFailed,
    )  # fmt: skip


def _address_taken() -> errors.Conflict:
    return errors.Conflict("Another webhook endpoint has this address.", code="address_taken", field="url")


def find(agency: str, id: str) -> Endpoint | None:
    return table.get(Endpoint, keys.webhooks(agency), keys.endpoint(id)) if ids.is_id(id, "whk") else None


def get(actor: Actor, id: str) -> Endpoint:
    """Raises NotFound unless the endpoint gets events of a brand for which the actor holds the
    permission of the route.
    """
    endpoint = find(actor.agency, id)
    if endpoint is None or not _concerns(actor, endpoint):
        raise errors.NotFound
    return endpoint


def managed(actor: Actor, id: str) -> Endpoint:
    """Like `get`. Raises Forbidden unless the actor holds all permissions that the endpoint has."""
    endpoint = get(actor, id)
    if not classes.may_make(actor, classes.of(endpoint)):
        raise errors.Forbidden("The webhook endpoint gets data that you may not see.", code="beyond_own")
    return endpoint


def every(agency: str, after: str = "") -> Iterator[Endpoint]:
    """The endpoints of the agency, oldest first; only those after the sort key `after`."""
    return table.query(Endpoint, keys.webhooks(agency), keys.ENDPOINTS, after=after, consistent=True)


def visible(actor: Actor, after: str = "") -> Iterator[Endpoint]:
    return (endpoint for endpoint in every(actor.agency, after) if _concerns(actor, endpoint))


def _concerns(actor: Actor, endpoint: Endpoint) -> bool:
    own, brands = actor.brands(), endpoint.wants["brands"]
    return own is None or brands is None or not own.isdisjoint(brands)


def standing(endpoint: Endpoint) -> Standing:
    """How far delivery to the endpoint is. Raises NotFound if the endpoint was removed meanwhile."""
    kept = table.get(Standing, endpoint.pk, keys.standing(endpoint.id))
    if kept is None:
        raise errors.NotFound
    return kept


def view(endpoint: Endpoint) -> Mapping[str, Any]:
    """The endpoint as the API shows it, with the state of its deliveries."""
    kept = standing(endpoint)
    breaker = Breaker(**kept.breaker)
    state = "disabled" if endpoint.disabled else "failing" if breaker.row else "listening"
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "description": endpoint.description,
        **{name: endpoint.wants[name] for name in WANTS},
        "detail": endpoint.detail,
        "signature": endpoint.signature,
        "header_names": endpoint.header_names,
        "state": state,
        "disabled_reason": endpoint.disabled,
        "failing_since": clock.text(breaker.failing_since) if breaker.failing_since else None,
        "next_try_at": clock.text(kept.wake_at) if state == "failing" and kept.wake_at else None,
        "created_by": endpoint.created_by,
        "created_at": clock.text(endpoint.created_at),
        "version": endpoint.version,
    }
