"""Our calls to Stripe, made to a small server that answers what a test says."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.billing import stripe
from tests.billing.stripe_objects import NOW, SECONDS, invoice, subscription
from tests.test_budgets import ROOT


class Server(ThreadingHTTPServer):
    """Gives the answers in their order, the last one again and again; `asked` are the requests."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list(answers), list[Any]()

    def client(self, retries: int = 0) -> Any:
        import stripe as library

        base: Any = {"api": f"http://127.0.0.1:{self.server_port}"}
        return library.StripeClient(
            "rk_test_1", base_addresses=base, max_network_retries=retries, http_client=stripe.http_client()
        )


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        status, body = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None: ...


def ok(value: Any) -> tuple[int, bytes]:
    return 200, json.dumps(value).encode()


def wrong(status: int, code: str = "", type: str = "invalid_request_error") -> tuple[int, bytes]:
    return status, json.dumps({"error": {"type": type, "code": code, "message": "of jane@example.org"}}).encode()


def page(*rows: Any, more: bool = False) -> tuple[int, bytes]:
    return ok({"object": "list", "url": "/v1/rows", "has_more": more, "data": list(rows)})


@pytest.fixture
def serve() -> Iterator[Any]:
    running: list[Server] = []

    def start(*answers: tuple[int, bytes]) -> Server:
        running.append(Server(*answers))
        Thread(target=running[-1].serve_forever, args=(0.01,), daemon=True).start()
        return running[-1]

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_our_version_of_the_api_is_the_librarys() -> None:
    from stripe._api_version import _ApiVersion

    assert stripe.API_VERSION == _ApiVersion.CURRENT


def test_a_snapshot_takes_three_calls(serve: Any) -> None:
    customer = {"id": "cus_1", "object": "customer", "livemode": True, "test_clock": "clock_1"}
    server = serve(ok(customer), page(subscription("past_due")), page(invoice(5)))
    seen = stripe.snapshot(server.client(), "cus_1")
    assert (seen.customer, seen.contracts[0].status, seen.problems) == ("cus_1", "past_due", ())
    assert seen.contracts[0].quantities == {"seats": 4, "brands": 3}
    assert seen.owed == {"sub_1": NOW - 5 * 86_400_000}
    assert [urlsplit(path).path for _, path, *_ in server.asked] == [
        "/v1/customers/cus_1", "/v1/subscriptions", "/v1/invoices",
    ]  # fmt: skip
    assert parse_qs(urlsplit(server.asked[1][1]).query)["status"] == ["all"]


def test_a_sandbox_and_a_dispute_each_take_one_call_more(serve: Any) -> None:
    customer = {"id": "cus_1", "livemode": False, "test_clock": "clock_1"}
    dispute, clock = {"id": "dp_1", "status": "lost"}, {"id": "clock_1", "frozen_time": SECONDS}
    seen = stripe.snapshot(serve(ok(customer), page(), page(), ok(dispute), ok(clock)).client(), "cus_1", ["dp_1"])
    assert (seen.frozen, seen.disputes) == (NOW, {"dp_1": "lost"})


def test_pages_are_followed_to_the_last(serve: Any) -> None:
    """BI-19."""
    first = page(subscription("canceled", id="sub_a"), more=True)
    server = serve(ok({"id": "cus_1"}), first, page(subscription(id="sub_b")), page())
    assert [each.id for each in stripe.snapshot(server.client(), "cus_1").contracts] == ["sub_b", "sub_a"]
    assert parse_qs(urlsplit(server.asked[2][1]).query)["starting_after"] == ["sub_a"]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (wrong(500), stripe.Unavailable),
        (wrong(409), stripe.Unavailable),
        (wrong(429, "lock_timeout"), stripe.Unavailable),
        (wrong(401), stripe.KeyRefused),
        (wrong(403), stripe.KeyRefused),
        (wrong(404, "resource_missing"), stripe.Missing),
        (wrong(400, "parameter_unknown"), stripe.Rejected),
        (wrong(400, "", "idempotency_error"), stripe.Repeated),
        (wrong(402, "card_declined", "card_error"), stripe.Declined),
        (wrong(402, "authentication_required", "card_error"), stripe.ActionRequired),
        ((200, b"null"), stripe.Unavailable),
        ((200, b'"cus_1"'), stripe.Unavailable),
        ((200, b"<html>"), stripe.Unavailable),
        ((502, b"<html>"), stripe.Unavailable),
        ((302, b""), stripe.Unavailable),
    ],
)
def test_what_goes_wrong_is_one_of_our_failures(serve: Any, answer: tuple[int, bytes], failure: type) -> None:
    with pytest.raises(stripe.Failure) as raised:
        stripe.snapshot(serve(answer).client(), "cus_1")
    assert type(raised.value) is failure
    assert "jane" not in str(raised.value)


def test_nobody_there_is_unavailable() -> None:
    server = Server(ok({}))
    client = server.client()
    server.server_close()
    with pytest.raises(stripe.Unavailable):
        stripe.snapshot(client, "cus_1")


def test_a_repeat_carries_the_same_key(serve: Any) -> None:
    server = serve(wrong(503), ok({"id": "cus_1"}))
    stripe.call(server.client(retries=1).v1.customers.create, key="agn_1:customer:1", name="Nordwind")
    assert [headers["Idempotency-Key"] for _, _, headers, _ in server.asked] == ["agn_1:customer:1"] * 2
    assert server.asked[0][3] == b"name=Nordwind"


def test_stripe_works_without_requests_and_without_the_folder_of_its_types() -> None:
    """Neither is deployed."""
    code = (
        "import sys; sys.modules.update({'requests': None, 'certifi': None, 'stripe.params': None})\n"
        "from chalicelib.billing import stripe\n"
        "assert 'stripe' not in sys.modules\n"
        "stripe.http_client()\n"
        "import stripe as library\n"
        "client = library.StripeClient('rk_test_1', http_client=stripe.http_client())\n"
        "v1 = client.v1\n"
        "[v1.customers, v1.subscriptions, v1.invoices, v1.checkout.sessions, v1.billing_portal.sessions,"
        " v1.billing.meter_events, v1.disputes, v1.charges, v1.test_helpers.test_clocks, v1.prices, client.v2.core]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
