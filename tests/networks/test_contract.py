"""What every network's folder must keep to, whatever is in it; a new one is found here by being there."""

import ast
import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from chalicelib import strict_json
from chalicelib.networks import base
from chalicelib.networks.base import Inbound, Message, Secrets
from chalicelib.networks.double import wire
from local import sources
from local.double import Server
from tests.networks.folders import DOUBLES, FOLDER, called, each, everywhere, fixtures, from_fixtures, of, told
from tests.support.thorough import examples
from tests.test_budgets import SHARED

FAILURES = ("expired", "throttled", "gone", "rejected", "unavailable")


@each
def test_folder_is_complete(key: str) -> None:
    network, double = of(key), DOUBLES.get(key)
    assert network.key == key
    assert network.name
    assert (FOLDER / key / "README.md").read_text().startswith(f"# {network.name}\n")
    assert bool(fixtures(key)) == bool(network.capabilities.surfaces)
    assert (double is None) == (network.play is not None)
    if double is None:
        return
    assert bool(double.EVENTS) == bool(network.capabilities.surfaces)
    assert set(FAILURES) <= set(double.FAILURES)
    assert "window_closed" in double.FAILURES or not network.capabilities.window
    assert "credentials" in double.CONNECTION


@each
def test_what_is_shipped_imports_only_what_networks_share(key: str) -> None:
    for path in (FOLDER / key).glob("*.py"):
        if path.name.startswith(("tests", "double")):
            continue
        for node in sources.nodes(path):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if isinstance(node, ast.ImportFrom) and module == "chalicelib.networks":
                assert {alias.name for alias in node.names} <= {*SHARED, key}, path
            elif module.startswith("chalicelib"):
                assert module.split(".")[2] in {*SHARED, key}, path
            assert module.split(".")[0] not in ("boto3", "os", "requests", "urllib3"), path


@each
def test_capabilities_agree_with_each_other(key: str) -> None:
    assert of(key).capabilities.templates or of(key).templates is None
    can = of(key).capabilities
    on = (can.reply, can.private_reply, can.quote, can.hide, can.delete, can.like, can.react, can.window)
    assert can.surfaces or can.publishes
    assert set().union(*map(set, on)) <= set(can.surfaces)
    assert set(can.reply) <= set(can.text)
    assert all(limit > 0 for limit in [*can.text.values(), *can.window.values()])
    assert not can.opens or can.window
    assert set(can.media) <= {"image", "video", "audio", "file", "sticker"}
    assert all(limit.bytes > 0 and all("/" in kind for kind in limit.types) for limit in can.media.values())
    assert not can.media or set(can.media_surfaces) & set(can.reply)
    assert bool(can.react) >= bool(can.reactions)
    assert set(can.text_in_bytes) <= set(can.text)
    assert all(hours > max(can.window.values()) for hours in can.tags.values())
    assert set(can.costs) <= {"reply", "private_reply", "tag", "template", "receive"}
    assert all(
        [price.since for price in prices] == sorted(price.since for price in prices) for prices in can.costs.values()
    )


@each
def test_price_says_where_it_is_listed_and_an_amount_since_when(key: str) -> None:
    prices = [price for listed in of(key).capabilities.costs.values() for price in listed]
    paid = [price for price in prices if price.cost == "paid"]
    assert all(price.page.startswith("https://") for price in paid)
    assert all(Decimal(price.amount) > 0 and price.since for price in paid if price.amount)
    assert not any(price.amount for price in prices if price.cost == "free")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NO_IDS = ({"$ne": 1}, ["1"], True, 1.5)


@st.composite
def mutated(draw: st.DrawFn, key: str) -> Any:
    """A fixture in which a few values became something else, or were left out."""
    body = copy.deepcopy(draw(st.sampled_from(fixtures(key))))
    for _ in range(draw(st.integers(1, 3))):
        nodes = list(_nodes(body))
        if nodes:
            parent, name = draw(st.sampled_from(nodes))
            if draw(st.booleans()):
                parent[name] = draw(JSON)
            else:
                del parent[name]
    return body


def _nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value inside, as the object or list that holds it and its name or number there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield value, name
        yield from _nodes(inner)


@everywhere
@budget(
    deadline=None, max_examples=examples(120), suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow]
)
@given(data=st.data())
def test_reading_never_fails_and_changes_nothing(key: str, data: st.DataObject) -> None:
    body: Any = data.draw(mutated(key) | JSON)
    before = copy.deepcopy(body)
    for inbound in of(key).parse(body):
        _assert_sound(inbound)
        assert list(of(key).parse(inbound.raw)) == [inbound]
    assert body == before


@everywhere
def test_raw_gives_the_same_event_and_the_same_raw_again(key: str) -> None:
    for body in fixtures(key):
        for inbound in of(key).parse(body):
            assert list(of(key).parse(inbound.raw)) == [inbound]


# F26
@everywhere
def test_field_that_we_do_not_know_changes_nothing_however_deep_it_is(key: str) -> None:
    deep = json.loads("[" * 400 + "]" * 400)
    for body in fixtures(key):
        more = copy.deepcopy(body)
        for value in [parent[name] for parent, name in _nodes(more)]:
            if isinstance(value, dict):
                value["something_new"] = deep
        read = list(of(key).parse(strict_json.posted(json.dumps(more).encode())))
        assert [_gist(inbound) for inbound in read] == [_gist(inbound) for inbound in of(key).parse(body)]
        assert json.dumps([inbound.raw for inbound in read])


def _gist(inbound: Inbound) -> tuple[Any, ...]:
    """What happened, where, and the words: without what we hand on unread, as are the details of files."""
    return type(inbound.event), getattr(inbound.event, "thread", ""), getattr(inbound.event, "text", "")


@everywhere
@pytest.mark.parametrize("value", NO_IDS, ids=repr)
def test_event_is_malformed_if_its_id_can_be_none(key: str, value: Any) -> None:
    damaged = [body for inbound in from_fixtures(key) if (body := _with_id(inbound, value)) != inbound.raw]
    assert damaged
    for body in damaged:
        assert [inbound.event for inbound in of(key).parse(body)] == [base.Unhandled(reason="malformed")]


def _with_id(inbound: Inbound, value: Any) -> Any:
    """The body of an event in which its id became that value, wherever it, or a part of it, stands."""
    body = copy.deepcopy(inbound.raw)
    ids = (getattr(inbound.event, "id", ""), *getattr(inbound.event, "ids", ()))
    parts = {part for id in ids for part in (id, *re.split("[:@]", id))} - {""}
    for parent, name in list(_nodes(body)):
        if isinstance(parent[name], str | int) and str(parent[name]) in parts:
            parent[name] = value
    return body


@called
def test_fixtures_and_events_are_read(key: str) -> None:
    for inbound in from_fixtures(key):
        _assert_sound(inbound)
    events = [inbound.event for inbound in told(key)]
    assert not [event for event in events if isinstance(event, base.Unhandled) and event.reason == "malformed"]
    assert {event.surface for event in events if isinstance(event, Message)} == set(of(key).capabilities.surfaces)


def _assert_sound(inbound: Inbound) -> None:
    event = inbound.event
    assert isinstance(event, get_args(base.Event))
    json.dumps(inbound.raw)
    if isinstance(event, base.Hint):
        return
    if isinstance(event, base.Unhandled):
        assert re.fullmatch(r"[a-z_.]{1,60}", event.reason), event.reason
        return
    assert event.at == 0 or 946_684_800_000 <= event.at < 4_102_444_800_000
    if isinstance(event, Message):
        assert event.id and event.thread
        assert event.direction in get_args(base.Direction)
        assert {attachment.kind for attachment in event.attachments} <= set(get_args(base.AttachmentKind))


@called
@budget(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(max_size=80), raw=st.binary(max_size=80))
def test_only_the_right_signature_verifies(key: str, server: Server, header: str, raw: bytes) -> None:
    """Some look up by what to check it, and are asked to check who sent it, too: those are `VERIFY`."""
    network, double = of(key), DOUBLES[key]
    signed = {name.lower(): value for name, value in double.sign(raw, "secret").items()}
    if network.polling and not signed.keys() - {"x-nothing"}:  # nothing is posted to its hook
        assert not network.verify(raw, signed, Secrets(signing=("secret",)))
        return
    known = partial(Secrets, verify=getattr(double, "VERIFY", ()))
    assert network.verify(raw, signed, known(signing=("other", "secret")))
    for name in signed.keys() - {"content-type"}:
        others = {other: text for other, text in signed.items() if other != name}
        for headers in (
            {},
            others,
            {**others, name: ""},
            {**others, name: header},
            {**others, "x-other": signed[name]},
        ):
            assert not network.verify(raw, headers, known(signing=("secret",)))
    other = {name.lower(): value for name, value in double.sign(raw + b" ", "secret").items()}
    assert other == signed or not network.verify(raw + b" ", signed, known(signing=("secret",)))
    for secrets in (Secrets(), known(signing=("",)), known(signing=("other",)), known(verify=("secret",))):
        assert not network.verify(raw, signed, secrets)
    empty = {name.lower(): value for name, value in double.sign(raw, "").items()}
    assert not network.verify(raw, empty, known(signing=("",)))


@each
@budget(deadline=None, max_examples=examples(40))
@given(query=st.dictionaries(st.text() | st.sampled_from(["hub.mode", "hub.verify_token", "hub.challenge"]), st.text()))
def test_handshake_tells_nothing_to_strangers(key: str, query: dict[str, str]) -> None:
    assert of(key).handshake(query, Secrets()) is None
    assert of(key).handshake(query, Secrets(verify=("",))) is None
    assert of(key).handshake(query, Secrets(verify=("a word nobody guesses",))) is None


def test_bodies_on_the_wire_are_ascii() -> None:
    assert wire({"a": "é/"}) == b'{"a":"\\u00e9\\/"}'
