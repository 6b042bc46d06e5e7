"""The calls of an agency's own server, against its double."""

from dataclasses import replace

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Media, Say
from chalicelib.networks.custom import NETWORK, double
from chalicelib.networks.custom.tests import examples
from local.double import Server

US = Credentials(
    account="forum.example/palabre/lamps", token="secret-of-lamps", details={"address": "https://forum.example/palabre"}
)
OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "expired"),
    "throttled": (base.Throttled, "throttled"),
    "window_closed": (base.WindowClosed, "window_closed"),
    "gone": (base.Gone, "gone"),
    "rejected": (base.Rejected, "rejected"),
    "unavailable": (base.Unreachable, "unavailable"),
    "broken": (base.Unknown, "500"),
    "forbidden": (base.Rejected, "403"),
    "lost": (base.Gone, "404"),
}
SAY = Say(thread="u7", to="u7", text="Yes", correlation="msg_01")


@pytest.fixture(autouse=True)
def forgetful() -> None:
    double.forget()


def test_each_call_is_the_one_of_the_readme(server: Server) -> None:
    file = Media(kind="image", url="https://files.palabre.example/1", mime="image/png", name="blue.png", size=1024)
    NETWORK.check(replace(US, account="", token="secret-of-shop"))
    NETWORK.subscribe(US, "https://api.palabre.example/hooks/custom/chn_01", "a-secret")
    NETWORK.unsubscribe(US)
    NETWORK.send(US, replace(SAY, text="Yes, in two sizes", reply_to="m100", attachments=(file,)))
    NETWORK.act(US, Act(verb="hide", thread="c1", id="c2", to="u8", surface="comment"))
    assert [call["json"] for call in server.state.requests] == examples("call")
    assert {(call["method"], call["host"], call["path"]) for call in server.state.requests} == {
        ("POST", "forum.example", "/palabre")
    }  # fmt: skip


def test_report_says_why_and_what_is_done_to_a_person_names_them(server: Server) -> None:
    why = base.Report(reason="spam", note="Sells copies")
    NETWORK.act(US, Act(verb="report", thread="c1", id="c2", to="u8", surface="comment", report=why))
    NETWORK.act(US, Act(verb="restrict", thread="c1", to="u8", surface="comment"))
    about = {"surface": "comment", "thread": "c1", "to": "u8"}
    assert [call["json"]["act"] for call in server.state.requests] == [
        {"verb": "report", "id": "c2", "reason": "spam", "note": "Sells copies", **about},
        {"verb": "restrict", **about},
    ]


def test_account_is_named_with_its_servers_address(server: Server) -> None:
    connected = NETWORK.check(replace(US, details={"address": "https://Forum.example/palabre"}))
    assert (connected.account, connected.name) == ("forum.example/palabre/lamps", "The lamps")


def test_same_answer_is_said_once(server: Server) -> None:
    assert NETWORK.send(US, SAY) == NETWORK.send(US, SAY) != NETWORK.send(US, replace(SAY, correlation="msg_02"))
    keys = [call["headers"]["idempotency-key"] for call in server.state.requests]
    assert keys == ["msg_01", "msg_01", "msg_02"]
    assert len({call["headers"]["webhook-id"] for call in server.state.requests}) == 3


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_raises_its_outcome(server: Server, name: str) -> None:
    server.state.behaviours.append({"network": "custom", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, SAY)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == (30 if name == "throttled" else 0)


@pytest.mark.parametrize("body", ["[]", "null", '{"id": ""}', '{"id": {"$ne": 1}}', "<html>"])
def test_answer_without_an_id_is_unknown(server: Server, body: str) -> None:
    server.state.behaviours.append({"network": "custom", "do": "serve", "body": body, "times": 1})
    with pytest.raises(base.Unknown):
        NETWORK.send(US, SAY)


@pytest.mark.parametrize("body", ["{}", '{"account": "a/b"}', '{"account": "é"}', '{"account": 7.5, "name": []}'])
def test_account_that_has_no_good_name_is_rejected(server: Server, body: str) -> None:
    server.state.behaviours.append({"network": "custom", "do": "serve", "body": body, "times": 1})
    if "7.5" in body:
        assert NETWORK.check(US).name == "7.5"
        return
    with pytest.raises(base.Rejected):
        NETWORK.check(US)


@pytest.mark.parametrize(
    "address",
    [
        "", "http://forum.example", "https://", "https://a@forum.example/", "https://forum.example/?a=1",
        "https://forum.example/#a", "https://forum.example/%2e", "https://[::1]/", "ftp://forum.example",
    ],
)  # fmt: skip
def test_address_that_can_be_none_is_rejected_without_a_call(server: Server, address: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        NETWORK.check(replace(US, details={"address": address}))
    assert (raised.value.code, server.state.requests) == ("address", [])


INSIDE = ("localhost", "10.0.0.1", "169.254.169.254", "127.1", "db.internal", "forum.example:22", "x.amazonaws.com")


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.usefixtures("nowhere")
def test_server_that_leads_inside_is_never_called(host: str) -> None:
    with pytest.raises(base.Rejected) as raised:
        NETWORK.send(replace(US, details={"address": f"https://{host}/palabre"}), SAY)
    assert raised.value.code.startswith("address_")


def test_secret_is_in_no_call_and_no_error(server: Server) -> None:
    server.state.behaviours.append({"network": "custom", "do": "expired", "times": 1})
    with pytest.raises(base.Expired) as raised:
        NETWORK.send(US, SAY)
    [call] = server.state.requests
    sent = {name: value for name, value in call["headers"].items() if name != "authorization"}  # see `recorded`
    assert US.token not in str([sent, call["json"], call["path"], call["query"], raised.value.text])
