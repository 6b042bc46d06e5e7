"""Bodies are read within bounds, and put together into parts that a queue takes, whatever is in them."""

import pytest

from chalicelib import networks, strict_json
from chalicelib.aws import queues
from chalicelib.networks.base import Inbound, Network, Unhandled
from chalicelib.transport import bodies

LONG = "語" * 8000  # six bytes each in a queue, where JSON is ASCII


def _example() -> Network:
    network = networks.get("example")
    assert network
    return network


def _share(*texts: str) -> list[Inbound]:
    return [Inbound(account="a", event=Unhandled(reason="any"), raw={"text": text}) for text in texts]


# S19
def test_parts_are_as_many_bytes_as_a_queue_takes() -> None:
    share = _share(*[LONG] * 101)
    parts = list(bodies.parts(share))
    assert [raw for part in parts for raw in part] == [inbound.raw for inbound in share]
    assert all(queues.size({"items": part}) <= 250 << 10 for part in parts)
    assert len(parts[0]) > 1


# S19
def test_item_too_large_for_a_queue_stands_alone() -> None:
    parts = list(bodies.parts(_share("short", LONG * 6, "short", "short")))
    assert [len(part) for part in parts] == [1, 1, 2]
    assert [bodies.fits({"items": part}) for part in parts] == [True, False, True]


def test_parts_are_of_few_items_each() -> None:
    assert [len(part) for part in bodies.parts(_share(*["short"] * 60))] == [25, 25, 10]


# S5
@pytest.mark.parametrize(("body", "why"), [(b'{"account":"a","events":[%b]}', "too many items"), (b"[%b]", "object")])
def test_body_with_more_than_anybody_posts_is_not_read(body: bytes, why: str) -> None:
    with pytest.raises(strict_json.Unreadable, match=why):
        bodies.read(_example(), body % b",".join([b"{}"] * 50_000))


# S5
def test_body_for_more_accounts_than_anybody_posts_is_not_read() -> None:
    network = networks.get("facebook")
    assert network
    entry = b",".join(b'{"id":"%d","changes":[{"field":"feed","value":{"item":"comment"}}]}' % n for n in range(1001))
    with pytest.raises(strict_json.Unreadable, match="accounts"):
        bodies.read(network, b'{"object":"page","entry":[%b]}' % entry)
