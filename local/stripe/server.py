"""The HTTP side: keys, idempotency, errors and wall-clock time. `local/double.py` serves this beside the networks'
doubles.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import urllib3

from chalicelib.networks.double import Answer, Request
from local.stripe import (
    calls,
    catalogue,
    checkout,
    clocks,
    control,
    endings,
    forms,
    pages,
    pauses,
    portal,
    previews,
    renewals,
)
from local.stripe.accounts import Account, Thing, id_of
from local.stripe.deliveries import Courier
from local.stripe.refusals import Refused

# Each declares its calls, or what falls due, when it is loaded.
DECLARING = (catalogue, checkout, clocks, endings, pauses, portal, previews, renewals)
KEPT = 24 * 3600  # how long the answer to an idempotency key is known
API = ("api.stripe.com", "meter-events.stripe.com", "files.stripe.com", "connect.stripe.com")


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        return int(urllib3.request("POST", url, body=body, headers=dict(headers), timeout=10, retries=False).status)
    except urllib3.exceptions.HTTPError:
        return 0


def refusal(status: int, message: str, **more: str) -> Answer:
    return Answer(status, {"error": {"type": "invalid_request_error", "message": message, **more}})


class Stripe:
    """Every account of one server. An account is made when its key is first used."""

    EVENTS: Mapping[str, Any] = {}
    FAILURES: Mapping[str, Answer] = {
        "unavailable": refusal(503, "Try again.", type="api_error"),
        "broken": refusal(500, "Something went wrong.", type="api_error"),
        "broken_for_good": replace(refusal(500, "No.", type="api_error"), headers={"Stripe-Should-Retry": "false"}),
        "throttled": refusal(429, "Too many requests.", code="rate_limit"),
        "locked": refusal(429, "This object is being changed by another request.", code="lock_timeout"),
        "expired": refusal(401, "Expired API Key provided.", code="api_key_expired"),
        "forbidden": refusal(403, "This key may not do that."),
        "null": Answer(200, raw=b"null"),
        "html": Answer(502, raw=b"<html>Bad gateway</html>", content_type="text/html"),
    }

    def __init__(self, now: Callable[[], float] = time.time, post: Callable[..., int] = post) -> None:
        self._now, self._post = now, post
        self._couriers: dict[str, Courier] = {}
        self._lock = threading.Lock()
        self._running: set[tuple[str, object]] = set()

    def _of_key(self, key: str) -> Courier:
        with self._lock:
            if (id := id_of(key)) not in self._couriers:
                account = Account(id)
                courier = Courier(account, self._post, self._now)
                account.on_event = courier.take_event
                self._couriers[id] = courier
            return self._couriers[id]

    def _of_object(self, id: str) -> Courier:
        """Finds the account that has the object: pages and stream tokens come without a key."""
        with self._lock:
            everybody = list(self._couriers.values())
        for courier in everybody:
            if id in courier.account.objects:
                return courier
        raise Refused("There is no such page.", status=404, code="resource_missing")

    def answer(self, request: Request) -> Answer:
        try:
            if request.host in pages.KINDS:
                return self._page(request)
            courier = self._courier_of(request)
            if request.host == "control":
                return self._control(courier, request)
            if request.host not in API:
                raise Refused("There is no such host here.", status=404)
            return self._call(courier.account, request)
        except Refused as refused:
            return Answer(refused.status, refused.body, self._headers(request))

    def _courier_of(self, request: Request) -> Courier:
        token = request.token
        if token.startswith("token_mes_"):
            return self._of_object(token.removeprefix("token_"))
        if not token.startswith(("sk_test_", "rk_test_")):
            raise Refused("Invalid API Key provided.", status=401)
        return self._of_key(token)

    def _headers(self, request: Request) -> dict[str, str]:
        version = request.headers.get("stripe-version")
        return {"Request-Id": f"req_{id(request):x}"} | ({"Stripe-Version": version} if version else {})

    def _catch_up(self, account: Account, request: Request) -> None:
        """Sets the account's own time to now, and does everything that is due by then."""
        account.pages = f"http://{request.headers.get('host', '127.0.0.1')}"
        calls.run(account, None, int(self._now()) + account.offset)

    def _call(self, account: Account, request: Request) -> Answer:
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        asked = f"{request.method} {request.path} {request.raw.decode('latin-1')}"
        if key and len(key) > 255:
            raise Refused("Idempotency keys are at most 255 characters.", kind="idempotency_error")
        with self._alone(account, key), account.lock:
            account.request = {"id": f"req_{id(request):x}", "idempotency_key": key}
            self._catch_up(account, request)
            kept = account.kept.get(key)
            if kept and kept[2] > account.now() - KEPT:
                if kept[0] != asked:
                    message = "Keys for idempotent requests can only be used with the same parameters."
                    raise Refused(message, kind="idempotency_error")
                again: Answer = kept[1]
                return replace(again, headers={**again.headers, "Idempotent-Replayed": "true"})
            answer = self._perform(account, request)
            if key and answer.status != 401:
                account.kept[key] = (asked, answer, account.now())
            return answer

    @contextmanager
    def _alone(self, account: Account, key: str | None) -> Iterator[None]:
        """Only one call at a time for an idempotency key; a second one meanwhile is refused, as Stripe does."""
        mine = (account.id, key or object())
        with self._lock:
            if mine in self._running:
                message = "There is currently another in-progress request using this Idempotent Key."
                raise Refused(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")
            self._running.add(mine)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(mine)

    def _perform(self, account: Account, request: Request) -> Answer:
        headers = self._headers(request)
        try:
            answer = calls.answer(account, request.method, request.path, params_of(request))
            return Answer(200, answer, headers)
        except Refused as refused:
            return Answer(refused.status, refused.body, headers)

    def _control(self, courier: Courier, request: Request) -> Answer:
        verb, _, id = request.path.strip("/").partition("/")
        if verb == "flush":
            courier.flush()
            return Answer(json={"attempts": len(courier.attempts)})
        with courier.account.lock:
            self._catch_up(courier.account, request)
            if verb == "objects":
                return Answer(json=courier.account.shown(control.look(courier.account, id)))
            if verb not in control.VERBS:
                raise Refused(f"control knows {', '.join(control.VERBS)}", status=404)
            answer = courier.account.shown(control.VERBS[verb](courier.account, courier, request.json))
            self._catch_up(courier.account, request)
            return Answer(json=answer)

    def _page(self, request: Request) -> Answer:
        _, id, button = (*request.path.strip("/").split("/"), "", "")[:3]
        account = self._of_object(id).account
        with account.lock:
            self._catch_up(account, request)
            if request.method == "GET":
                return Answer(raw=pages.shown(account, request.host, id).encode(), content_type="text/html")
            form = forms.decoded(request.raw)
            fields = {name: value for name, value in form.items() if isinstance(value, str) and value}
            there = pages.press(account, request.host, id, button, fields)
            calls.settle(account)
            return Answer(303, headers={"Location": there})

    def recorded(self, entry: dict[str, Any], request: Request) -> dict[str, Any]:
        """The stored form of the call: its parameters and its account, without secrets."""
        headers = {name: value for name, value in entry["headers"].items() if name != "authorization"}
        try:
            form = params_of(request)
        except Refused:
            form = {}
        text = json.dumps(entry["answer"])
        answer: Thing = entry["answer"] if "whsec_" not in text and "token_mes_" not in text else {}
        return {**entry, "headers": headers, "form": form, "account": id_of(request.token), "answer": answer}


def params_of(request: Request) -> Mapping[str, Any]:
    """The parameters of the call, from its query, JSON or form."""
    if request.method != "POST":
        return forms.nested(request.query.items())
    if request.path.startswith("/v2/") or request.host == "control":
        return request.json
    return forms.decoded(request.raw)
