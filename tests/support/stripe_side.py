"""Stripe's library in front of the double, and an account of a test's own with what it sells."""

import itertools
import threading
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import stripe
import urllib3

from chalicelib.billing import stripe as ours
from local.double import Server
from local.stripe.accounts import id_of

stripe.enable_telemetry = False
DAY = 86400
START = 1_767_225_600  # 2026-01-01
_numbers = itertools.count(1)


@dataclass
class Account:
    """One key's account on a running double."""

    url: str
    key: str = field(default_factory=lambda: f"sk_test_{next(_numbers)}")
    retries: int = 0
    prices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bases: Any = {name: f"{self.url}/stripe/{host}" for name, host in ours.HOSTS.items()}
        self.client = stripe.StripeClient(
            self.key, base_addresses=bases, http_client=ours.http_client(), max_network_retries=self.retries
        )
        self.v1 = self.client.v1

    def control(self, verb: str, method: str = "POST", **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        url = f"{self.url}/stripe/control/{verb}"
        answer = urllib3.request(method, url, json=body or None, headers=headers, timeout=60)
        assert answer.status == 200, answer.data
        return answer.json()

    def press(self, url: str, button: str, **fields: str) -> urllib3.BaseHTTPResponse:
        """A page's button, as a person presses it."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return urllib3.request("POST", f"{url}/{button}", body=urlencode(fields), headers=form, redirect=False)

    def calls(self) -> list[dict[str, Any]]:
        """What the double wrote down of this account."""
        every = urllib3.request("GET", f"{self.url}/requests?network=stripe").json()["items"]
        return [call for call in every if call["account"] == id_of(self.key) and call["host"] != "control"]

    def fails(self, how: str, path: str = "") -> None:
        """From now on each call of ours, to that path if one is named, is answered so."""
        body = {"network": "stripe", "do": how, "token": self.key, "path": path, "times": 1000}
        assert urllib3.request("POST", f"{self.url}/behaviours", json=body).status == 201

    def goes_on(self) -> None:
        urllib3.request("DELETE", f"{self.url}/behaviours?network=stripe")

    def sell(self) -> None:
        """The catalogue of the tests: a base, seats of which three are included, and messages by meter."""
        self.v1.products.create({"id": "palabre_team", "name": "Team"})
        meter = self.v1.billing.meters.create(
            {"display_name": "Messages", "event_name": "palabre_messages", "default_aggregation": {"formula": "sum"},
             "event_time_window": "hour"}
        )  # fmt: skip
        self.meter = meter.id
        tiers: Any = [{"up_to": 3, "unit_amount": 0}, {"up_to": "inf", "unit_amount": 900}]
        used: Any = [{"up_to": 5000, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.4"}]
        self._price("base", unit_amount=4900)
        self._price("yearly", interval="year", unit_amount=49000)
        self._price("seats", billing_scheme="tiered", tiers_mode="graduated", tiers=tiers)
        self._price("messages", meter=meter.id, billing_scheme="tiered", tiers_mode="graduated", tiers=used)

    def _price(self, name: str, *, interval: str = "month", meter: str | None = None, **more: Any) -> None:
        recurring = {"interval": interval} | ({"usage_type": "metered", "meter": meter} if meter else {})
        wanted: Any = {"product": "palabre_team", "currency": "eur", "lookup_key": f"palabre.team.{name}",
                       "recurring": recurring, **more}  # fmt: skip
        self.prices[name] = self.v1.prices.create(wanted).id

    def clock(self, at: int = START) -> str:
        return self.v1.test_helpers.test_clocks.create({"frozen_time": at}).id

    def advance(self, clock: str, seconds: int) -> int:
        """Move it by so much, a month at a time."""
        now = self.v1.test_helpers.test_clocks.retrieve(clock).frozen_time
        end = now + seconds
        while now < end:
            now = min(end, now + 28 * DAY)
            self.v1.test_helpers.test_clocks.advance(clock, {"frozen_time": now})
        return now

    def customer(self, clock: str | None = None, card: str | None = "pm_card_visa") -> str:
        wanted: Any = {"name": "Nine", **({"test_clock": clock} if clock else {})}
        made = self.v1.customers.create(wanted)
        if card:
            method = self.v1.payment_methods.attach(card, {"customer": made.id})
            self.v1.customers.update(made.id, {"invoice_settings": {"default_payment_method": method.id}})
        return made.id

    def subscribe(self, customer: str, seats: int = 3, **more: Any) -> stripe.Subscription:
        wanted: Any = {"customer": customer, "items": [{"price": self.prices["base"]},
                       {"price": self.prices["seats"], "quantity": seats}], **more}  # fmt: skip
        return self.v1.subscriptions.create(wanted)

    def types(self) -> list[str]:
        """Of every event there was, in order."""
        return [str(event.type) for event in self.v1.events.list({"limit": 100}).data][::-1]


def on(server: Server) -> Account:
    account = Account(server.url)
    account.sell()
    return account


class Hook(ThreadingHTTPServer):
    """Takes webhooks, and says `statuses` one after the other, 200 in the end."""

    daemon_threads = True

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _HookHandler)
        self.statuses = list(statuses)
        self.taken: list[tuple[bytes, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/stripe"

    def __exit__(self, *_: object) -> None:
        with closing(self.socket):
            self.shutdown()


class _HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass
