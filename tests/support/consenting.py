"""People consent on Example's page: they follow the address in a browser that does what the page says."""

import json
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3

from tests.support.answer_contract import Answer
from tests.support.stack import Agency, Stack, ask, number

Json = dict[str, Any]


def begun(agency: Agency, **more: Any) -> Json:
    return dict(agency.owner.post("/consents", {"brand": agency.brand, "network": "example", **more}))


def followed(address: str) -> str:
    """Where the address leads to; the one page that is asked is not left."""
    answer = urllib3.request("GET", address, redirect=False, timeout=30)
    assert answer.status in (302, 303), (answer.status, answer.data)
    return str(answer.headers["Location"])


def consented(stack: Stack, begun: Json, *accounts: str, **more: str) -> str:
    """Somebody consents for these accounts, and comes back to us; gives where we sent them then."""
    extra = {**({"as": ",".join(accounts)} if accounts else {}), **more}
    return followed(local(stack, followed(f"{begun['url']}&{urlencode(extra)}")))


def local(stack: Stack, address: str) -> str:
    """The address of our own that the network led to, as it is on this machine."""
    parts = urlsplit(address)
    assert parts.path.endswith("/connected")
    return f"{stack.api.removesuffix('/v1')}/connected?{parts.query}"


def told(address: str) -> Json:
    """What the query of an address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def shop() -> str:
    """An account of Example that nobody has."""
    return f"shop{number()}"


def connected(agency: Agency, consent: str, *accounts: str) -> list[Json]:
    return list(agency.owner.post(f"/consents/{consent}/channels", {"accounts": list(accounts)})["results"])


def text_of(value: Any) -> str:
    return json.dumps(value)


def page(address: str) -> Answer:
    """What a browser gets there."""
    return ask("GET", address)
