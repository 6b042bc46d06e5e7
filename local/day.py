"""One day at a brand: its customers write through the networks' double, its members use the API."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3

from local import seed
from local.screen import Screen

T = TypeVar("T")
Json = Mapping[str, Any]
PATIENCE_SECONDS = 20.0
CONNECTIONS = 4


class Missing(Exception):
    """Raised when something did not happen as it should; the message says what."""


class Day:
    """One run of the demo on the stack that stack.json describes."""

    def __init__(self, description: Json, screen: Screen) -> None:
        self.screen = screen
        self.double: str = description["double"]
        self.page: str = description["page"]
        self.brand: str = description["brand"]
        self.waits: list[float] = []
        self._description = description
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, block=True, retries=False, timeout=30)
        self._born = time.time_ns() // 1_000_000

    def of(self, tokens: Mapping[str, str], **ids: str) -> "Day":
        """The same day for another agency, given its tokens and ids."""
        return Day({**self._description, **ids, "tokens": tokens}, self.screen)

    def someone(self) -> str:
        """An id of a new person; digits, which every network accepts."""
        self._born += 1
        return str(self._born)

    def posts(self, network: str, event: str, **fields: Any) -> None:
        """Makes the network post a signed webhook; Missing if it is not accepted."""
        webhook = {"network": network, "event": event, "fields": fields}
        answer = self._call("POST", f"{self.double}/webhooks", webhook)
        if answer["status"] not in (200, 0):  # 0: it posts nothing, and is asked
            raise Missing(f"The webhook of {network} was answered with {answer['status']}.")

    def channel(self, network: str) -> Json:
        """The brand's channel on that network; connects one through the API if there is none."""
        listed: list[Json] = self.get("/channels", brand=self.brand, limit=100)["items"]
        for channel in listed:
            if channel["network"] == network:
                return channel
        known = self._description
        made = seed.connect(network, self.someone()[-9:], self.brand, known["api"], known["tokens"]["owner"])
        self.controls("PUT", "/hooks", {network: seed.hook(made, known["networks"])})
        return made

    def controls(self, verb: str, path: str, body: Json | None = None) -> Any:
        """Calls the networks' double itself."""
        return self._call(verb, f"{self.double}{path}", body)

    def sent(self, network: str, since: float) -> Json:
        """The newest call to the network since that time; Missing if there is none."""
        calls: list[Json] = self._call("GET", f"{self.double}/requests?network={network}")["items"]
        if not calls or calls[-1]["at"] < since:
            raise Missing(f"{network} was not called.")
        return calls[-1]

    def get(self, path: str, **query: Any) -> Any:
        """Reads from the API as the owner."""
        return self._ask("owner", "GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, role: str, path: str, body: Json) -> Any:
        return self._ask(role, "POST", path, body)

    def refused(self, role: str, path: str, body: Json) -> str:
        """Posts as the member with that role; gives the code of the refusal, Missing if it is not refused."""
        answer = self._request("POST", self._description["api"] + path, body, self._as(role))
        if answer.status < 400:
            raise Missing(f"POST {path} should have been refused.")
        return str(answer.json()["code"])

    def change(self, role: str, path: str, body: Json) -> Any:
        return self._ask(role, "PATCH", path, body)

    def replace(self, role: str, path: str, body: Json) -> Any:
        return self._ask(role, "PUT", path, body)

    def settle(self, **settings: Any) -> None:
        """Changes settings of the brand as the owner."""
        self.change("owner", f"/brands/{self.brand}", {"settings": settings})

    def release(self, role: str, path: str) -> None:
        self._ask(role, "DELETE", path)

    def _ask(self, role: str, verb: str, path: str, body: Json | None = None) -> Any:
        return self._call(verb, self._description["api"] + path, body, self._as(role))

    def _as(self, role: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._description['tokens'][role]}"}

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
        """The newest conversations of the brand; the screen shows them, too."""
        page = self.get("/conversations", brand=self.brand, limit=100, **query)
        conversations: list[Json] = page["items"]
        self.screen.show(conversations)
        return conversations

    def until(
        self, what: str, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS, every: float = 0.05
    ) -> T:
        """Calls `look` until it gives something true, and gives that; Missing after that many seconds."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            result = look()
            if result:
                self.inbox()
                return result
            time.sleep(every)
        raise Missing(f"{what} did not happen within {seconds:.0f} s.")

    def arrives(self, network: str, event: str, **fields: Any) -> Json:
        """Posts the event; gives the new conversation, and shows on the screen how long it took."""
        known = {conversation["id"] for conversation in self.inbox()}
        began = time.monotonic()
        self.posts(network, event, **fields)

        def look() -> Json | None:
            return next((conversation for conversation in self.inbox() if conversation["id"] not in known), None)

        conversation = self.until(f"The arrival of the {event} from {network}", look)
        self.waits.append(time.monotonic() - began)
        self.screen.note(f"In the inbox after {self.waits[-1]:.2f} s.")
        return conversation

    def message(self, conversation: Json) -> Json:
        """The newest message of the conversation."""
        newest: Json = self.get(f"/conversations/{conversation['id']}/messages", limit=1)["items"][0]
        return newest

    def everyone(self, network: str) -> list[str]:
        """The ids of all conversations on the network, page by page."""
        wanted = {"brand": self.brand, "network": network, "limit": 100}
        page = self.get("/conversations", **wanted)
        ids = [conversation["id"] for conversation in page["items"]]
        while page["next"]:
            page = self.get("/conversations", **wanted, cursor=page["next"])
            ids += [conversation["id"] for conversation in page["items"]]
        return ids
