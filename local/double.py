"""The networks' double: one real HTTP server that plays every network's API, strictly.

`/{network}/{host}/...` is that network's API. `GET /requests?network=&mentioning=` lists the calls that it received,
for that network and with that text anywhere in them. `POST /behaviours` makes the next matching calls fail, wait,
answer with the bytes of `body` (`serve`) or with a byte a second (`drip`); `DELETE /behaviours?network=` ends this for
a network. A behaviour may name the `method`, the `path`, the bearer `token`, what the body is `containing`, or what the
call is `mentioning` anywhere. `POST /webhooks` posts a signed event to a hook, as the network would; `GET
/events?network=` lists the network's events. `PUT /hooks` sets the hook of events that name none (`{network: {hook,
secret, always: fields}}`). `/receivers/{name}` accepts webhook deliveries; a behaviour of the network `receivers` may
set the `status`.

What a network accepts and answers is in its own folder's `double.py`. SERVICES are served too, though they are no
networks. If a double has `recorded`, it decides itself how its calls are stored.
"""

import importlib
import json
import pkgutil
import re
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import urllib3

from chalicelib import networks
from chalicelib.networks.double import Answer, Double, Request, on_wire
from local import contents
from local.bedrock import Bedrock
from local.stripe.server import Stripe

RECEIVERS = "receivers"
SERVICES = {"stripe": Stripe, "bedrock": Bedrock}


def doubles() -> dict[str, Double]:
    """The doubles of all network folders that have a `double.py`, by network key."""
    modules = {
        name: f"{networks.__name__}.{name}.double"
        for _, name, package in pkgutil.iter_modules(networks.__path__)
        if package and not name.startswith("_")
    }
    return {name: importlib.import_module(module) for name, module in modules.items() if find_spec(module)}


def addresses(url: str) -> dict[str, str]:
    """The base address of each API in the double at this address."""
    return {key: f"{url}/{key}" for key in (*doubles(), *SERVICES)}


@dataclass
class State:
    """Every call with its answer, also as JSON text; the behaviours still to come, and the hook of each network."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    behaviours: list[dict[str, Any]] = field(default_factory=list)
    hooks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, request: Request, answer: Answer, double: Any = None) -> None:
        entry: dict[str, Any] = {
            "network": request.network, "method": request.method, "host": request.host, "path": request.path,
            "query": dict(request.query), "headers": dict(request.headers), "json": request.json,
            "status": answer.status, "answer": answer.json, "at": request.at,
        }  # fmt: skip
        if hasattr(double, "recorded"):
            entry = double.recorded(entry, request)
        with self.lock:
            self.requests.append(entry)
            self.texts.append(json.dumps(entry))

    def clear(self) -> None:
        """Resets everything except the hooks."""
        with self.lock:
            for kept in (self.requests, self.texts, self.behaviours):
                kept.clear()

    def next_behaviour(self, request: Request) -> dict[str, Any] | None:
        with self.lock:
            for behaviour in self.behaviours:
                if _matches(behaviour, request):
                    behaviour["times"] -= 1
                    if behaviour["times"] <= 0:
                        self.behaviours.remove(behaviour)
                    return behaviour
        return None


def _matches(behaviour: Mapping[str, Any], request: Request) -> bool:
    return (
        behaviour["network"] == request.network
        and request.host != "control"  # what a test asks of the double itself always works
        and behaviour.get("method", request.method) == request.method
        and behaviour.get("token", request.token) == request.token
        and re.search(behaviour.get("path", ""), request.path) is not None
        and behaviour.get("containing", "").encode() in request.raw
        and _mentions(request, behaviour.get("mentioning", ""))
    )


def _mentions(request: Request, text: str) -> bool:
    parts = (request.path, request.search, *request.headers.values())
    return any(text in part for part in parts) or text.encode() in request.raw


class Handler(BaseHTTPRequestHandler):
    """One connection; `server` has the state and the networks' doubles."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a kept connection waits 40 ms for each answer
    server: "Server"
    _began = 0.0

    def _take(self) -> None:
        self._began = time.monotonic()
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        control = getattr(self, f"_{self.command.lower()}_{parts.path.strip('/')}", None)
        if control:
            self._say(control(query, contents.json_of(raw)))
            return
        network, _, rest = parts.path.lstrip("/").partition("/")
        host, _, path = rest.partition("/")
        headers = {name.lower(): value for name, value in self.headers.items()}
        content = contents.of(headers, raw)
        request = Request(network, self.command, host, "/" + path, query, headers, content, raw, search=parts.query)
        self._play(request)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _take

    def _play(self, request: Request) -> None:
        double = self.server.doubles.get(request.network)
        if request.network == RECEIVERS:
            behaviour = self.server.state.next_behaviour(request) or {}
            taken = Answer(behaviour.get("status", 200), {"taken": True})
            self.server.state.record(request, taken)
            self._say(taken)
            return
        if double is None:
            self._say(Answer(404, {"error": f"no network {request.network!r} here"}))
            return
        behaviour = self.server.state.next_behaviour(request) or {"do": "answer"}
        failure = double.FAILURES.get(behaviour["do"])
        answer = failure or double.answer(request)
        if behaviour["do"] == "serve":
            answer = replace(answer, raw=behaviour["body"].encode("latin-1"))
        self.server.state.record(request, answer, double)
        if behaviour["do"] == "timeout":
            self.close_connection = True
            return
        time.sleep(behaviour.get("seconds", 0))
        self._say(answer, pause=1.0 if behaviour["do"] == "drip" else 0.0)

    def _say(self, answer: Answer, pause: float = 0.0) -> None:
        """Sends the answer, at once or with `pause` seconds before each byte of the content."""
        content = json.dumps(answer.json).encode() if answer.raw is None else answer.raw
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.content_type, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if not pause:
            self.wfile.write(content)
            return
        with suppress(ConnectionError):  # whoever asked had enough
            for byte in content:
                time.sleep(pause)
                self.wfile.write(bytes([byte]))
        self.close_connection = True

    def _get_requests(self, query: Mapping[str, str], _: Mapping[str, Any]) -> Answer:
        wanted, words = query.get("network"), query.get("mentioning", "")
        with self.server.state.lock:
            entries = list(zip(self.server.state.requests, self.server.state.texts, strict=True))
        items = [entry for entry, text in entries if wanted in (None, entry["network"]) and words in text]
        return Answer(json={"items": items})

    def _get_events(self, query: Mapping[str, str], _: Mapping[str, Any]) -> Answer:
        wanted = query.get("network")
        items = [
            {"network": key, "event": event}
            for key, double in sorted(self.server.doubles.items())
            for event in sorted(getattr(double, "EVENTS", ()))
            if wanted in (None, key)
        ]
        return Answer(json={"items": items})

    def _delete_requests(self, *_: Mapping[str, Any]) -> Answer:
        self.server.state.clear()
        return Answer()

    def _post_behaviours(self, _: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
        double = self.server.doubles.get(body.get("network", ""))
        if body.get("network") == RECEIVERS:
            double = self.server.doubles["example"]
        known = {"answer", "drip", "serve", "timeout", "wait", *(double.FAILURES if double else ())}
        if double is None or body.get("do") not in known:
            return Answer(
                422, {"error": "network or do unknown", "networks": list(self.server.doubles), "do": sorted(known)}
            )
        with self.server.state.lock:
            self.server.state.behaviours.append({"times": 1, **body})
        return Answer(201, dict(body))

    def _delete_behaviours(self, query: Mapping[str, str], _: Mapping[str, Any]) -> Answer:
        state, network = self.server.state, query.get("network", "")
        with state.lock:
            state.behaviours[:] = [behaviour for behaviour in state.behaviours if behaviour["network"] != network]
        return Answer()

    def _put_hooks(self, _: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
        self.server.state.hooks.update(body)
        return Answer()

    def _post_webhooks(self, _: Mapping[str, str], body: Mapping[str, Any]) -> Answer:
        double = self.server.doubles.get(body.get("network", ""))
        build = double.EVENTS.get(body.get("event", "")) if double else None
        if double is None or build is None:
            return Answer(422, {"error": "network or event unknown", "events": sorted(double.EVENTS) if double else []})
        if "hook" not in body:
            body = {**self.server.state.hooks.get(body["network"], {}), **body}
        try:
            payload = build(**{**body.get("always", {}), **body.get("fields", {})})
        except TypeError as wrong:
            return Answer(422, {"error": str(wrong)})
        network = networks.get(body["network"])
        if body.get("later") or (network and network.polling):
            getattr(double, "missed", getattr(double, "posted", len))(payload)
            return Answer(json={"status": 0, "body": ""})
        if not body.get("hook") or not body.get("secret"):
            return Answer(422, {"error": "hook and secret say where to post, and what to sign with"})
        getattr(double, "posted", len)(payload)
        raw = on_wire(double, payload)
        headers = {"Content-Type": "application/json", **double.sign(raw, body["secret"])}
        answer = urllib3.request("POST", body["hook"], body=raw, headers=headers, timeout=30)
        return Answer(json={"status": answer.status, "body": raw.decode()})

    def log_message(self, format: str, *args: Any) -> None:
        """Prints nothing: see `log_request`."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Prints a line for each call of a network, with only the start of its path, as the rest may hold tokens.

        `GET /requests` shows the content.
        """
        ms = round((time.monotonic() - self._began) * 1000)
        network, _, rest = urlsplit(self.path).path.lstrip("/").partition("/")
        if rest:
            print(f"{self.command} {network} {rest.partition('/')[0]} {code} {ms} ms", flush=True)


class Server(ThreadingHTTPServer):
    """The double on 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.state = State()
        self.doubles: dict[str, Any] = {**doubles(), **{name: make() for name, make in SERVICES.items()}}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


if __name__ == "__main__":
    Server(int(sys.argv[1])).serve_forever()
