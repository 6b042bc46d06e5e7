"""Whom the demo lets arrive is somebody new, so that it can be played again and again."""

import ast
from collections.abc import Iterator

import pytest

from chalicelib import networks
from chalicelib.networks import base
from local.double import doubles
from local.environment import ROOT


def arrivals() -> Iterator[tuple[str, str, set[str]]]:
    """Each arrival in the demo whose person is named there: the network, the event, and the names of its fields."""
    for path in (ROOT / "local").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "arrives":
                network, event = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
                fields = {str(keyword.arg) for keyword in node.keywords if keyword.arg}
                if len(fields) == len(node.keywords):
                    yield str(network), str(event), fields


@pytest.mark.parametrize(("network", "event", "fields"), sorted(arrivals(), key=str))
def test_who_arrives_is_who_the_demo_says(network: str, event: str, fields: set[str]) -> None:
    posted = doubles()[network].EVENTS[event](**dict.fromkeys(fields, "7712345"))
    reader = networks.get(network)
    assert reader
    [said] = [inbound.event for inbound in reader.parse(posted)]
    assert isinstance(said, base.Message)
    assert said.person
    assert said.person.id == "7712345"
