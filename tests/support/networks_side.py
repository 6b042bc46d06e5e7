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
        body = json.dumps({"network": network, "do": do, **match}).encode()
        assert _pool.request("POST", f"{self.double}/behaviours", body=body).status == 201
