"""A program of the agency's to which webhooks are delivered. It can be down, and come back."""

from collections import Counter
from collections.abc import Sequence

from local.day import Day, Json

_DOWN = {"network": "receivers", "do": "answer", "status": 503, "times": 1_000_000}


class Receiver:
    """A webhook endpoint at the networks' double, which stores what it accepts."""

    def __init__(self, day: Day) -> None:
        self._day, self._name = day, f"demo{day.someone()}"
        wanted = {"url": f"{day.double}/receivers/here/{self._name}", "classes": ["messages", "comments"]}
        self._id = day.post("owner", "/webhook-endpoints", {**wanted, "description": "The demo's receiver"})["id"]

    def goes_down(self) -> None:
        self._day.controls("POST", "/behaviours", {**_DOWN, "path": self._name})

    def comes_back(self) -> None:
        """It answers again, and enables its endpoint."""
        self._day.controls("DELETE", "/behaviours?network=receivers")
        self._day.post("owner", f"/webhook-endpoints/{self._id}/enable", {})

    def taken(self) -> list[Json]:
        """The events that it accepted, in that order."""
        return [call["json"]["data"] for call in self._calls() if call["status"] == 200]

    def refused(self) -> int:
        """How many deliveries it refused."""
        return sum(1 for call in self._calls() if call["status"] != 200)

    def _calls(self) -> list[Json]:
        calls: list[Json] = self._day.controls("GET", "/requests?network=receivers")["items"]
        return [call for call in calls if call["path"] == f"/{self._name}"]

    def leaves(self) -> None:
        """Deletes the endpoint."""
        self._day.release("owner", f"/webhook-endpoints/{self._id}")


def out_of_order(taken: Sequence[Json], expected: Sequence[Json]) -> list[str]:
    """The conversations whose events were not accepted each once and in the order of the log, so far."""
    kinds = {event["type"] for event in taken}
    log = _by_conversation([event for event in expected if event["type"] in kinds])
    return [id for id, ids in _by_conversation(taken).items() if ids != log.get(id, [])[: len(ids)]]


def _by_conversation(events: Sequence[Json]) -> dict[str, list[str]]:
    by_conversation: dict[str, list[str]] = {}
    for event in events:
        by_conversation.setdefault(event["conversation"] or "", []).append(event["id"])
    return by_conversation


def twice(taken: Sequence[Json]) -> list[str]:
    """The ids of events that were accepted more than once."""
    return [id for id, count in Counter(event["id"] for event in taken).items() if count > 1]
