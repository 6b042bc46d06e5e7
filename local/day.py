"""One day at a brand: its fans speak through the networks' double, its members through the API."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3

from local.screen import Screen

T = TypeVar("T")
Json = Mapping[str, Any]
PATIENCE = 20.0
CONNECTIONS = 8


class Missing(Exception):
    """Something did not happen as it should; the message says what."""


class Day:
    """What is told and seen in one run on the stack that stack.json describes."""

    def __init__(self, found: Json, screen: Screen) -> None:
        self.screen = screen
        self.double: str = found["double"]
        self.waits: list[float] = []
        self._found = found
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, block=True, retries=False, timeout=30)
        self._born = time.time_ns() // 1_000_000

    def someone(self) -> str:
        """Somebody who never wrote before, by an id of a form that every network has."""
        self._born += 1
        return str(self._born)

    def posts(self, network: str, event: str, **fields: Any) -> None:
        """The network posts a signed webhook, and it is taken."""
        told = {"network": network, "event": event, "fields": fields}
        answer = self._call("POST", f"{self.double}/webhooks", told)
        if answer["status"] != 200:
            raise Missing(f"The webhook of {network} was answered with {answer['status']}.")

    def sent(self, network: str, since: float) -> Json:
        """The newest call the network was sent since then."""
        calls: list[Json] = self._call("GET", f"{self.double}/requests?network={network}")["items"]
        if not calls or calls[-1]["at"] < since:
            raise Missing(f"{network} was not called.")
        return calls[-1]

    def get(self, path: str, **query: Any) -> Any:
        """As the owner sees it."""
        return self._ask("owner", "GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, role: str, path: str, body: Json) -> Any:
        """Done by the member with that role."""
        return self._ask(role, "POST", path, body)

    def refused(self, role: str, path: str, body: Json) -> str:
        """The code with which the member with that role is refused; Missing if they are not."""
        answer = self._request("POST", self._found["api"] + path, body, self._as(role))
        if answer.status < 400:
            raise Missing(f"POST {path} should have been refused.")
        return str(answer.json()["code"])

    def change(self, role: str, path: str, body: Json) -> Any:
        """Changed by the member with that role."""
        return self._ask(role, "PATCH", path, body)

    def settle(self, **settings: Any) -> None:
        """The owner changes settings of the brand."""
        self.change("owner", f"/brands/{self._found['brand']}", {"settings": settings})

    def release(self, role: str, path: str) -> None:
        """Undone by the member with that role."""
        self._ask(role, "DELETE", path)

    def _ask(self, role: str, verb: str, path: str, body: Json | None = None) -> Any:
        return self._call(verb, self._found["api"] + path, body, self._as(role))

    def _as(self, role: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._found['tokens'][role]}"}

    def _request(self, verb: str, url: str, body: Json | None, headers: Mapping[str, str] | None) -> Any:
        try:
            return self._pool.request(verb, url, **({} if body is None else {"json": body}), headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise Missing(f"{verb} {url} was not answered: {type(error).__name__}") from error

    def _call(self, verb: str, url: str, body: Json | None = None, headers: Mapping[str, str] | None = None) -> Any:
        answer = self._request(verb, url, body, headers)
        if answer.status >= 300:
            raise Missing(f"{verb} {url} gave {answer.status}: {answer.data[:300].decode(errors='replace')}")
        return answer.json()

    def inbox(self, **query: Any) -> list[Json]:
        """The newest conversations of the brand, which are shown at the same time."""
        found: list[Json] = self.get("/conversations", brand=self._found["brand"], limit=100, **query)["items"]
        self.screen.show(found)
        return found

    def until(self, what: str, look: Callable[[], T | None], seconds: float = PATIENCE, every: float = 0.05) -> T:
        """What `look` gives once it gives something; Missing if that takes too long."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            found = look()
            if found:
                self.inbox()
                return found
            time.sleep(every)
        raise Missing(f"{what} did not happen within {seconds:.0f} s.")

    def arrives(self, network: str, event: str, **fields: Any) -> Json:
        """Somebody writes; gives the new conversation, and tells how long it took."""
        known = {one["id"] for one in self.inbox()}
        began = time.monotonic()
        self.posts(network, event, **fields)

        def look() -> Json | None:
            return next((one for one in self.inbox() if one["id"] not in known), None)

        found = self.until(f"The arrival of the {event} from {network}", look)
        self.waits.append(time.monotonic() - began)
        self.screen.note(f"In the inbox after {self.waits[-1]:.2f} s.")
        return found

    def message(self, conversation: Json) -> Json:
        """The newest message of a conversation."""
        newest: Json = self.get(f"/conversations/{conversation['id']}/messages", limit=1)["items"][0]
        return newest

    def everyone(self, network: str) -> list[str]:
        """The ids of all conversations there, page by page."""
        wanted = {"brand": self._found["brand"], "network": network, "limit": 100}
        page = self.get("/conversations", **wanted)
        ids = [one["id"] for one in page["items"]]
        while page["next"]:
            page = self.get("/conversations", **wanted, cursor=page["next"])
            ids += [one["id"] for one in page["items"]]
        return ids
