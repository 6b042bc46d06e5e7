"""The networks' double, as a test asks it."""

import json
from typing import Any
from urllib.parse import urlencode

import urllib3

_pool = urllib3.PoolManager(maxsize=20, retries=False, timeout=40)


class Networks:
    """`double` is its address."""

    double: str

    def requests(self, network: str, mentioning: str) -> list[Any]:
        """What the network was sent with that text anywhere in it, oldest first."""
        asked = urlencode({"network": network, "mentioning": mentioning})
        calls: list[Any] = _pool.request("GET", f"{self.double}/requests?{asked}").json()["items"]
        return calls

    def behave(self, network: str, do: str, **match: Any) -> None:
        """That comes of the next call that fits: let it name what is the test's own, as others call meanwhile."""
        body = json.dumps({"network": network, "do": do, **match}).encode()
        assert _pool.request("POST", f"{self.double}/behaviours", body=body).status == 201

    def happens(self, network: str, event: str, fields: Any) -> None:
        """Something happens on the network that it does not post."""
        body = json.dumps({"network": network, "event": event, "fields": fields, "later": True}).encode()
        answer = _pool.request("POST", f"{self.double}/webhooks", body=body)
        assert answer.status == 200, answer.data
