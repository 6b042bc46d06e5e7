import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import stripe

from local.stripe.deliveries import Parcel, ordered
from tests.support.stripe_side import Account, Hook


@contextmanager
def listening(account: Account, *statuses: int, payload: str = "snapshot", **more: Any) -> Iterator[tuple[Hook, Any]]:
    """A hook that is told of everything, and its destination."""
    with Hook(*statuses) as hook:
        yield hook, account.control("destinations", url=hook.url, payload=payload, **more)


def taken(hook: Hook) -> list[str]:
    return [json.loads(body)["type"] for body, _ in hook.taken]


def story(account: Account) -> list[str]:
    """Three customers, each with a name of its own; what is told of them, in order."""
    for name in ("one", "two", "three"):
        customer = account.v1.customers.create({"name": name})
        account.v1.customers.update(customer.id, {"name": f"{name} more"})
    return ["customer.created", "customer.updated"] * 3


def names(hook: Hook) -> list[str]:
    return [json.loads(body)["data"]["object"]["name"] for body, _ in hook.taken]


def test_delivered_at_once_and_signed(account: Account) -> None:
    with listening(account) as (hook, destination):
        expected = story(account)
        account.control("flush")
        assert taken(hook) == expected
        body, signature = hook.taken[1]
        secret = destination["webhook_endpoint"]["signing_secret"]
        event = stripe.Webhook.construct_event(body, signature, secret)
        assert event.data.previous_attributes["name"] == "one"
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body + b" ", signature, secret)


def test_held_until_they_are_let_go(account: Account) -> None:
    with listening(account) as (hook, _):
        account.control("deliveries", mode="hold")
        expected = story(account)
        assert (hook.taken, account.control("attempts")["held"]) == ([], 6)
        account.control("flush")
        assert taken(hook) == expected


def test_reversed(account: Account) -> None:
    with listening(account) as (hook, _):
        account.control("deliveries", mode="reversed")
        story(account)
        account.control("flush")
        assert names(hook) == ["three more", "three", "two more", "two", "one more", "one"]


def test_shuffled_the_same_way_for_the_same_seed(account: Account) -> None:
    with listening(account) as (hook, _):
        account.control("deliveries", mode="shuffled", seed=7)
        story(account)
        account.control("flush")
        first = names(hook)
        hook.taken.clear()
        account.control("replay", mode="shuffled", seed=7)
        account.control("flush")
        assert names(hook) == first != sorted(first) and len(first) == 6


def test_every_seed_keeps_every_event() -> None:
    parcels = [Parcel({}, str(number), "x", b"") for number in range(20)]
    for seed in range(100):
        assert sorted(ordered(parcels, "shuffled", seed), key=lambda parcel: int(parcel.event)) == parcels


def test_twice(account: Account) -> None:
    with listening(account) as (hook, _):
        account.control("deliveries", mode="twice")
        story(account)
        account.control("flush")
        ids = [json.loads(body)["id"] for body, _ in hook.taken]
        assert len(ids) == 12 and len(set(ids)) == 6


def test_dropped_for_good(account: Account) -> None:
    with listening(account) as (hook, _):
        account.control("deliveries", mode="drop")
        story(account)
        account.control("flush")
        assert hook.taken == []
        assert {attempt["outcome"] for attempt in account.control("attempts")["items"]} == {"dropped"}


def test_refused_is_repeated_five_times_in_all(account: Account) -> None:
    with listening(account, *[500] * 7) as (hook, _):
        account.v1.customers.create({"name": "one"})
        account.v1.customers.create({"name": "two"})
        account.control("flush")
        assert names(hook) == ["one"] * 5 + ["two"] * 3


def test_only_what_is_listened_to(account: Account) -> None:
    with listening(account, events=["customer.updated"]) as (hook, _):
        story(account)
        account.control("flush")
        assert taken(hook) == ["customer.updated"] * 3


def test_both_secrets_sign_while_one_is_rolled(account: Account) -> None:
    with listening(account) as (hook, destination):
        old = destination["webhook_endpoint"]["signing_secret"]
        new = account.control("secrets", destination=destination["id"])["signing_secret"]
        account.v1.customers.create()
        account.control("flush")
        newest = account.control("secrets", destination=destination["id"], keep=False)["signing_secret"]
        account.v1.customers.create()
        account.control("flush")
        both, single = hook.taken
        for secret in (old, new):
            stripe.Webhook.construct_event(*both, secret)
        stripe.Webhook.construct_event(*single, newest)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*single, new)


def test_thin_events_are_parsed_and_fetched(account: Account) -> None:
    with listening(account, payload="thin", events=["v1.customer.created"]) as (hook, destination):
        customer = account.v1.customers.create({"name": "Nine"})
        account.control("flush")
        secret = destination["webhook_endpoint"]["signing_secret"]
        notification: Any = account.client.parse_event_notification(*hook.taken[0], secret)
        assert (notification.type, notification.related_object.id) == ("v1.customer.created", customer.id)
        assert notification.fetch_related_object().name == "Nine"
        snapshot = account.v1.events.retrieve(str(notification.fetch_event().snapshot_event))
        assert snapshot.type == "customer.created"
        assert b"Nine" not in hook.taken[0][0]


def test_destination_tells_its_secret_once(account: Account) -> None:
    wanted: Any = {
        "name": "Palabre", "type": "webhook_endpoint", "event_payload": "thin", "enabled_events": ["v1.invoice.paid"],
        "webhook_endpoint": {"url": "https://hooks.example.com/stripe"}, "include": ["webhook_endpoint.signing_secret"],
    }  # fmt: skip
    made = account.client.v2.core.event_destinations.create(wanted)
    assert made.webhook_endpoint and str(made.webhook_endpoint.signing_secret).startswith("whsec_")
    [again] = account.client.v2.core.event_destinations.list().data
    assert again.webhook_endpoint and again.webhook_endpoint.signing_secret is None
