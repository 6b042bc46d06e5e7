"""A filled-in flow comes as JSON in a text; its answers are read by the names of their fields."""

import json
from typing import Any

import pytest

from chalicelib.networks.base import Message
from chalicelib.networks.whatsapp import double
from chalicelib.networks.whatsapp.tests import only

FLOWS: dict[str, tuple[str, dict[str, str]]] = {
    "one answer": ('{"day": "Monday", "flow_token": "unused"}', {"day": "Monday"}),
    "of each kind": (
        json.dumps({"terms": True, "size": 1, "days": ["Mon", "Tue"], "note": "", "photo": {"id": "1"}}),
        {"terms": "true", "size": "1", "days": "Mon, Tue"},
    ),
    "none": ("{}", {}),
    "a list": ("[1]", {}),
    "no JSON": ("{broken", {}),
}


@pytest.mark.parametrize("name", FLOWS)
def test_answers_to_a_flow_are_read(name: str) -> None:
    written, answers = FLOWS[name]
    event: Any = only(double.EVENTS["flow"](answers=written))
    assert isinstance(event, Message)
    assert (event.text, event.kind, event.context["payload"]) == ("Sent", "postback", written)
    assert event.context.get("answers", {}) == answers
