"""All calls to Stripe. Its library is imported on the first of them, as few processes ever make one.

Errors raise a Failure. A call that writes and is repeated with the same idempotency key is done once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import Any

from chalicelib import clock, settings
from chalicelib.billing import snapshots

API_VERSION = "2026-10-28.endive"  # what snapshots.py reads; another is a decision, and a test compares it
CONNECT_SECONDS, READ_SECONDS = 2, 6
RETRIES_IN_ROUTES, RETRIES_IN_WORKERS = 1, 2
PAGE, PAGES = 100, 10
METER = "palabre_messages"  # the name of the meter's events


class Failure(Exception):
    """Raised when Stripe did not do what was asked. `code` is Stripe's; it names no person, card or address."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class Unavailable(Failure):
    """Stripe cannot be reached, is overloaded, or gives an answer that makes no sense. Repeat it later, with the same
    key.
    """


class Declined(Failure):
    """The card was declined."""


class ActionRequired(Failure):
    """The payment has to be confirmed by its owner, on a page of Stripe's."""


class Missing(Failure):
    """There is no such object."""


class KeyRefused(Failure):
    """Our API key is wrong or may not do this; only the operator can help."""


class Repeated(Failure):
    """The idempotency key was used for another call."""


class KnownAlready(Failure):
    """The meter has an event with that identifier already."""


class Rejected(Failure):
    """Stripe refuses the call; a repeat is of no use."""


@cache
def client(key: str, retries: int = RETRIES_IN_WORKERS) -> Any:
    """The library's client; one for each key."""
    return make(key, lambda host: settings.get().address("stripe", host), retries)


def make(key: str, address: Callable[[str], str], retries: int = RETRIES_IN_WORKERS) -> Any:
    """A client that reaches Stripe's hosts at the addresses that `address` gives."""
    import stripe

    stripe.enable_telemetry = False
    bases: Any = {name: address(host) for name, host in HOSTS.items()}
    return stripe.StripeClient(
        key, stripe_version=API_VERSION, base_addresses=bases, max_network_retries=retries, http_client=http_client()
    )


HOSTS = {
    "api": "api.stripe.com",
    "meter_events": "meter-events.stripe.com",
    "files": "files.stripe.com",
    "connect": "connect.stripe.com",
}


def call(method: Callable[..., Any], *ids: str, key: str = "", **params: Any) -> dict[str, Any]:
    """The answer of one of the client's methods, as a plain dict. Raises a Failure.

    `key` is the idempotency key; without one the library makes its own, which is valid for this call only.
    """
    with _failures():
        answer = method(*ids, params, {"idempotency_key": key} if key else {})
        plain = answer.to_dict() if hasattr(answer, "to_dict") else None
    if not isinstance(plain, dict):
        raise Unavailable("unexpected_answer")
    return plain


def is_live(key: str) -> bool:
    """True for a key of live mode, with real money."""
    return "_live_" in key


def snapshot(client: Any, customer: str, asked: Sequence[str] = ()) -> snapshots.Snapshot:
    """What Stripe says of a customer now: three calls, one more for each dispute that is asked for, and in a sandbox
    one for its clock.

    Each further hundred subscriptions or open invoices takes one more call.
    """
    v1 = client.v1
    about = call(v1.customers.retrieve, customer, expand=["invoice_settings.default_payment_method"])
    subscriptions = every(v1.subscriptions.list, customer, status="all", expand=["data.default_payment_method"])
    invoices = every(v1.invoices.list, customer, status="open")
    disputes = [call(v1.disputes.retrieve, dispute) for dispute in asked]
    frozen = about.get("test_clock") if about.get("livemode") is False else None
    test_clock = call(v1.test_helpers.test_clocks.retrieve, frozen) if isinstance(frozen, str) else None
    return snapshots.read(about, subscriptions, invoices, disputes, test_clock)


def dispute_ids(client: Any, customer: str) -> list[str]:
    """The disputes about a customer's last hundred charges: one call, and one for each disputed charge."""
    charges = call(client.v1.charges.list, customer=customer, limit=PAGE)["data"]
    ids = [str(charge["id"]) for charge in charges if charge["disputed"]]
    lists = (call(client.v1.disputes.list, charge=id, limit=PAGE)["data"] for id in ids)
    return [str(dispute["id"]) for disputes in lists for dispute in disputes]


def every(method: Callable[..., Any], customer: str, *ids: str, **params: Any) -> list[Any]:
    """All of a customer's rows in one of Stripe's lists, as plain dicts; at most 1,000."""
    rows: list[Any] = []
    page = partial(call, method, *ids, customer=customer, limit=PAGE, **params)
    answer = page()
    for _ in range(PAGES):
        data = answer.get("data")
        if not isinstance(data, list):
            raise Unavailable("unexpected_answer")
        rows += data
        if answer.get("has_more") is not True or not data or not isinstance(data[-1], dict):
            break
        answer = page(starting_after=str(data[-1].get("id")))
    return rows


def send_usage(client: Any, customer: str, identifier: str, at: int, value: int) -> None:
    """Reports the value of an hour to the meter; the last event of an hour counts. A repeat does nothing.

    `at` (ms) is a moment of that hour.
    """
    payload = {"stripe_customer_id": customer, "value": str(value)}
    about = {"event_name": METER, "identifier": identifier, "timestamp": at // clock.SECOND, "payload": payload}
    with suppress(KnownAlready):
        call(client.v1.billing.meter_events.create, key=identifier, **about)


def metered_usage(client: Any, customer: str, start: int, end: int) -> dict[int, int]:
    """The meter's values by hour (ms), from `start` until before `end` (full hours, ms); they appear with a delay.

    Raises Missing if there is no such meter.
    """
    meters = call(client.v1.billing.meters.list, status="active", limit=PAGE)["data"]
    meter = next((row["id"] for row in meters if row["event_name"] == METER), None)
    if meter is None:
        raise Missing("no_meter")
    window = {"start_time": start // clock.SECOND, "end_time": end // clock.SECOND, "value_grouping_window": "hour"}
    rows = every(client.v1.billing.meters.event_summaries.list, customer, meter, **window)
    return {row["start_time"] * clock.SECOND: round(row["aggregated_value"]) for row in rows}


_OWNERS_TURN = (
    "authentication_required",
    "invoice_payment_intent_requires_action",
    "subscription_payment_intent_requires_action",
)


@contextmanager
def _failures() -> Iterator[None]:
    """Turns the library's errors into ours, and any error while reading an answer into Unavailable."""
    import stripe

    try:
        yield
    except stripe.StripeError as wrong:
        raise _failure(wrong) from wrong
    except (AttributeError, KeyError, TypeError, ValueError) as nonsense:
        raise Unavailable("unexpected_answer") from nonsense


def _failure(wrong: Any) -> Failure:
    code = str(getattr(wrong.error, "code", None) or wrong.code or "")
    if code in _OWNERS_TURN:
        return ActionRequired(code)
    if wrong.http_status == 400 and "already exists with identifier" in str(wrong.user_message):
        return KnownAlready(code)  # version 1 of the API has no code for it
    status: Mapping[int | None, type[Failure]] = {
        401: KeyRefused, 403: KeyRefused, 402: Declined, 404: Missing, 400: Rejected,
    }  # fmt: skip
    if type(wrong).__name__ == "IdempotencyError":
        return Repeated(code) if wrong.http_status == 400 else Unavailable(code)
    return status.get(wrong.http_status, Unavailable)(code)


@cache
def http_client() -> Any:
    """An HTTP client for Stripe's library over urllib3: `requests`, its default, is not deployed."""
    import stripe
    import urllib3

    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    pool = urllib3.PoolManager(maxsize=10, retries=False, timeout=timeout)

    class Client(stripe.HTTPClient):
        name = "urllib3"

        def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> tuple[Any, int, Any]:
            try:
                answer = pool.request(method.upper(), url, headers=headers, body=post_data, redirect=False)
            except urllib3.exceptions.HTTPError as cut:
                failed: Any = stripe.APIConnectionError
                raise failed("Stripe does not answer.", should_retry=True) from cut
            return answer.data, answer.status, answer.headers

        def close(self) -> None:
            pool.clear()

    return Client()
