"""The deployed product as others meet it: members who call its API, networks that post to it and are called by it.

Nothing is cleaned up between tests: each connects channels of its own, and looks at nothing else.
"""

import itertools
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

import urllib3

from chalicelib import clock, settings
from chalicelib.networks.double import on_wire
from chalicelib.store import fence
from local import double as networks_side
from local import seed
from local.cloud import Platform
from tests.support import answer_contract, recorded, refused, route_coverage
from tests.support.answer_contract import Answer
from tests.support.networks_side import Networks

T = TypeVar("T")
Json = Mapping[str, Any]
DOUBLES = networks_side.doubles()
PATIENCE = 90.0
GOING = ("queued", "sending", "sent")  # of a reply just given: how far it got is a matter of milliseconds
_numbers = itertools.count(100_000_001)
_pool = urllib3.PoolManager(maxsize=20, retries=False, timeout=40)


def number() -> str:
    """Nine digits nobody else has."""
    return str(next(_numbers))


def eventually(condition: Callable[[], T | Literal[False] | None], seconds: float = PATIENCE) -> T:
    """What `condition` gives once that is true and does not fail. Nothing else in these tests waits."""
    end, pause = time.monotonic() + seconds, 0.05
    while True:
        failure: Exception | None = None
        try:
            answer = condition()
            if answer:
                return answer
        except (AssertionError, LookupError, StopIteration) as missing:
            failure = missing
        if time.monotonic() > end:
            raise AssertionError("It did not happen in time.") from failure
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)


def ask(verb: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """One HTTP call, as it is."""
    response = _pool.request(verb, url, body=body, headers=dict(headers or {}), redirect=False)
    return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, response.data)


class Member:
    """Somebody who is signed in and calls the API; every answer is checked against what its route declares."""

    def __init__(self, api: str, token: str, agency: str = "") -> None:
        self.api = api
        self.token = token
        self._headers = {"Authorization": f"Bearer {token}"} | ({"Palabre-Agency": agency} if agency else {})

    def call(
        self,
        verb: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        by_chance: bool = False,
        **query: Any,
    ) -> Answer:
        """`body` as JSON, or `raw` bytes said to be JSON. Asked `by_chance`, a route is not thereby tested."""
        content = raw if body is None else json.dumps(body).encode()
        kind = {} if content is None else {"Content-Type": "application/json"}
        url = f"{self.api}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = ask(verb, url, body=content, headers={**self._headers, **kind, **(headers or {})})
        answer_contract.check(verb, path, answer)
        if not by_chance:
            route = answer_contract.route_of(verb, path)
            route_coverage.note(route, answer.status)
            mime = answer.headers.get("content-type", "")
            recorded.note(route, body, query, answer.status, answer.raw, mime)
            if answer.status >= 400:
                refused.note(answer.json)
        return answer

    def get(self, path: str, **query: Any) -> Any:
        return _fine(self.call("GET", path, **query))

    def post(self, path: str, body: Json | None = None) -> Any:
        return _fine(self.call("POST", path, body or {}))

    def patch(self, path: str, body: Json) -> Any:
        return _fine(self.call("PATCH", path, body))

    def put(self, path: str, body: Json) -> Any:
        return _fine(self.call("PUT", path, body))

    def delete(self, path: str) -> Any:
        return _fine(self.call("DELETE", path))

    def every(self, path: str, **query: Any) -> list[Any]:
        """The items of all pages."""
        page = self.get(path, **query)
        items: list[Any] = page["items"]
        while page["next"]:
            page = self.get(path, **query, cursor=page["next"])
            items += page["items"]
        return items


def _fine(answer: Answer) -> Any:
    assert answer.status < 300, answer
    return answer.json


@dataclass(frozen=True)
class Agency:
    """A tenant with one brand. `owner` sees all of it, the other roles its brand."""

    id: str
    brand: str
    members: Mapping[str, Member]

    @property
    def owner(self) -> Member:
        return self.members["owner"]


@dataclass
class Channel:
    """A brand's account on a network, with the secret its webhooks are signed with and the word of its hand-shake."""

    stack: Networks
    agency: Agency
    id: str
    network: str
    account: str
    hook: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    word: str = field(default="", repr=False)
    waba: str = ""
    since: str = ""
    deliveries: int = 0

    def body(self, event: str, **fields: Any) -> Json:
        """What the network posts for that event of this account."""
        mine = {} if self.network == "telegram" else {"account": self.account}
        mine |= {"waba": self.waba} if self.waba else {}
        return DOUBLES[self.network].EVENTS[event](**{**mine, **fields})

    def signed(self, raw: bytes) -> Mapping[str, str]:
        return {"Content-Type": "application/json", **DOUBLES[self.network].sign(raw, self.secret)}

    def post(self, raw: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """A body to the channel's hook, rightly signed unless told otherwise."""
        answer = ask("POST", self.hook, body=raw, headers=self.signed(raw) if headers is None else headers)
        self.deliveries += answer.status == 200
        return answer

    def tell(self, event: str, **fields: Any) -> None:
        """The network posts that event, and is answered."""
        answer = self.post(on_wire(DOUBLES[self.network], self.body(event, **fields)))
        assert (answer.status, answer.raw) == (200, b"")

    def tell_later(self, event: str, **fields: Any) -> None:
        """It happens, and the network does not post it: it is there for who asks."""
        self.stack.happens(self.network, event, {"account": self.account, **fields})

    def shown(self) -> Any:
        return self.agency.owner.get(f"/channels/{self.id}")

    def conversations(self, **query: Any) -> list[Any]:
        return self.agency.owner.every("/conversations", channel=self.id, **query)

    def conversation(self, **query: Any) -> Any:
        """The only one, once it is there."""
        [conversation] = eventually(lambda: self.conversations(**query))
        return conversation

    def messages(self, conversation: str = "") -> list[Any]:
        """What was said in the channel's conversations, each from the oldest on."""
        ids = [conversation] if conversation else [row["id"] for row in self.conversations()]
        return [said for id in ids for said in self.agency.owner.every(f"/conversations/{id}/messages", order="oldest")]

    def message(self, network_id: str) -> Any:
        """The message the network calls so, once it is there."""
        return eventually(lambda: next(said for said in self.messages() if said["network_id"] == network_id))

    def ledger(self) -> list[Any]:
        return self.agency.owner.every("/ingest/entries", channel=self.id, since=self.since, limit=100)

    def settled(self) -> list[Any]:
        """The ledger, once everything that was posted is in it."""

        def done() -> list[Any]:
            entries = [entry for entry in self.ledger() if entry["outcome"] != "received"]
            return entries if len({entry["id"] for entry in entries}) >= self.deliveries else []

        return eventually(done) if self.deliveries else []

    def calls(self, *, but: tuple[str, ...] = ("GET",)) -> list[Any]:
        """What the network was asked to do for this account since it was connected, oldest first."""
        asked = self.stack.requests(self.network, self.token)
        return [entry for entry in asked if self._mine(entry) and entry["method"] not in but]

    def _mine(self, entry: Json) -> bool:
        return self.token in entry["path"] or bool({self.token, f"Bearer {self.token}"} & {*entry["headers"].values()})

    def fails(self, do: str, containing: str, **more: Any) -> None:
        """The account's next call with that text in its body is answered so."""
        self.stack.behave(self.network, do, containing=containing, mentioning=self.token, **more)


def connected(
    networks: Networks, agency: Agency, network: str, app: Mapping[str, str], *, account: str = "", **more: Any
) -> Channel:
    """A channel of an account that was never connected before, or of that one. An `app` of its own has a `secret`."""
    wanted = json.loads(json.dumps(DOUBLES[network].CONNECTION).replace("{n}", number()))
    wanted |= {"account": account} if account else {}
    wanted["credentials"] |= {"secret": app["secret"]} if "secret" in app else {}
    wanted |= more
    secret = seed.signer(network, wanted["credentials"]) or app.get("app_secret", "")
    made = agency.owner.post("/channels", {"brand": agency.brand, "network": network, **wanted})
    return Channel(
        networks, agency, made["id"], network, made["account"], made["hook"],
        secret=made.get("secret") or secret, token=wanted["credentials"]["token"],
        word=made.get("verify_token") or app.get("verify_token", ""),
        waba=wanted.get("details", {}).get("waba", ""), since=clock.text(clock.now() - clock.SECOND),
    )  # fmt: skip


class Stack(Networks):
    """The product: `ours` and `theirs` are two agencies in it."""

    def __init__(self, platform: Platform, described: Json) -> None:
        self.platform = platform
        self.api, self.hooks, self.sockets, self.double = (
            described[name] for name in ("api", "hooks", "sockets", "double")
        )
        self.networks: Mapping[str, Mapping[str, str]] = described["networks"]
        self.ours, self.theirs = (self._agency(agency) for agency in (described, described["other_agency"]))
        os.environ["NETWORK_APIS"] = json.dumps(networks_side.addresses(self.double))
        settings.get.cache_clear()

    def _agency(self, agency: Json) -> Agency:
        members = {role: Member(self.api, token) for role, token in agency["tokens"].items()}
        return Agency(agency["agency"], agency["brand"], members)

    def connect(
        self, network: str, agency: Agency | None = None, *, account: str = "", app_secret: str = "", **more: Any
    ) -> Channel:
        """A channel of an account that was never connected before, or of that one; with an app of its own or ours."""
        app = {"secret": app_secret} if app_secret else self.networks[network]
        return connected(self, agency or self.ours, network, app, account=account, **more)

    def brand(self, **settings: Any) -> Agency:
        """Our agency with a new brand, so that nobody else asks anything of it or writes to it."""
        brand = self.ours.owner.post("/brands", {"name": f"Brand {number()}", "settings": settings})["id"]
        return Agency(self.ours.id, brand, self.ours.members)

    def someone(self, agency: Agency, role: str, brands: list[str] | None, *, email: str = "") -> Member:
        """A new member of the agency with that role for those brands, or for all."""
        assert brands or role != "moderator"  # they would be handed conversations of other tests
        email = email or f"{role}{number()}@someone.example"
        subject, token = seed.sign_up(email, self.platform.outputs, self.platform.endpoint)
        with fence.within(agency.id):
            seed.join(agency.id, subject, role.title(), email, [{"role": role, "brands": brands}], clock.now())
        return Member(self.api, token)

    def quarantined(self, network: str, raw: bytes, since: int) -> bool:
        """True if that body, taken at `since` (ms) or later, was put aside as unreadable."""
        s3, bucket = self.client("s3"), self.platform.outputs["Bucket"]
        prefix = f"quarantine/{network}/"
        files = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, StartAfter=f"{prefix}{since:013d}").get("Contents", [])
        return any(s3.get_object(Bucket=bucket, Key=file["Key"])["Body"].read() == raw for file in files)

    def logged(self, text: str) -> bool:
        """True if a function wrote that down."""
        logs = self.client("logs")
        pages = logs.get_paginator("filter_log_events")
        names, pattern = (group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]), f'"{text}"'
        lists = (page["events"] for name in names for page in pages.paginate(logGroupName=name, filterPattern=pattern))
        return any(text in event["message"] for events in lists for event in events)

    def client(self, service: str) -> Any:
        return self.platform.client(service)
