"""A template whose header is a file is handed in with an example of it, which somebody uploaded here."""

from typing import Any

import pytest

from tests.support.stack import Channel, Stack
from tests.templates.test_templates import BODY, written
from tests.uploads.uploading import uploaded


@pytest.fixture(scope="module")
def channel(stack: Stack) -> Channel:
    return stack.connect("whatsapp")


def with_header(channel: Channel, handle: str, format: str = "IMAGE") -> dict[str, Any]:
    header = {"type": "HEADER", "format": format, "example": {"header_handle": [handle]}}
    return written(channel, components=[header, BODY])


def test_file_goes_to_the_network_and_its_handle_with_the_template(channel: Channel) -> None:
    owner = channel.agency.owner
    template = owner.post("/templates", with_header(channel, uploaded(owner)))
    path = f"/templates/{template['id']}/submit"
    for do, problem in (("rejected", (422, "template_refused")), ("unavailable", (503, "network_unreachable"))):
        channel.stack.behave("whatsapp", do, token=channel.token, path="app/uploads", times=1)
        assert owner.call("POST", path).problem == problem
    assert owner.post(path)["state"] == "pending"
    calls = channel.calls()[-2:]  # the bytes went to an address that names nobody's account
    assert [call["path"].rpartition("/")[2] for call in calls] == ["uploads", "message_templates"]
    [handle] = calls[-1]["json"]["components"][0]["example"]["header_handle"]
    assert handle.startswith("4::")


def test_file_that_is_not_there_or_is_another_is_refused_at_once(channel: Channel) -> None:
    owner = channel.agency.owner
    unknown = owner.call("POST", "/templates", with_header(channel, "upl_" + "0" * 26))
    assert unknown.problem == (422, "upload_missing")
    assert unknown.json["field"] == "components.0.example.header_handle"
    film = owner.call("POST", "/templates", with_header(channel, uploaded(owner), "VIDEO"))
    assert film.problem == (422, "file_type")


def test_handle_that_somebody_got_elsewhere_is_left_to_the_network(channel: Channel) -> None:
    owner = channel.agency.owner
    template = owner.post("/templates", with_header(channel, "4::elsewhere"))
    assert owner.call("POST", f"/templates/{template['id']}/submit").problem == (422, "template_refused")
