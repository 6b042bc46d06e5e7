"""What every network's folder must keep to when it speaks to the network: said, done, or one of the outcomes."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib import networks, settings
from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Message, Outcome, Say, Sent, Surface, Verb
from local.double import Server
from tests.networks.folders import DOUBLES, called, connected_there, of, told


def connected(key: str) -> Credentials:
    wanted = json.loads(json.dumps(DOUBLES[key].CONNECTION).replace("{n}", "123456789"))
    asked = Credentials(account=wanted.get("account", ""), details=wanted.get("details", {}), **wanted["credentials"])
    account = of(key).check(asked)
    return replace(asked, account=account.account, details=account.details)


def sent_by(key: str) -> str:
    """The method of the call by which it is answered."""
    return getattr(DOUBLES[key], "METHOD", "POST")


def answers(key: str) -> list[Say]:
    """An answer to each thing that somebody can say there, addressed as the core does."""
    can = of(key).capabilities
    heard = [
        inbound.event for inbound in told(key) if isinstance(inbound.event, Message) and inbound.event.direction == "in"
    ]
    return [
        Say(
            thread=message.thread, to=message.person.id if message.person else "", surface=message.surface,
            text="Thank you", reply_to="" if message.surface == "dm" else message.thread,
            origin=message.origin.id if message.origin else "",
        )
        for message in heard
        if message.surface in can.reply
    ]  # fmt: skip


@connected_there
def test_account_is_connected_and_its_webhook_turned_on_and_off(key: str, server: Server) -> None:
    credentials = connected(key)
    assert credentials.account
    of(key).subscribe(credentials, f"https://palabre.test/hooks/{key}", "a-secret")
    of(key).unsubscribe(credentials)


@called
def test_each_surface_that_takes_replies_is_answered(key: str, server: Server) -> None:
    says, credentials = answers(key), connected(key)
    assert {say.surface for say in says} == set(of(key).capabilities.reply)
    for say in says:
        for part in of(key).parts(say):
            assert isinstance(of(key).send(credentials, part), Sent)


@called
def test_every_failure_of_the_network_is_an_outcome(key: str, server: Server) -> None:
    credentials, say = connected(key), answers(key)[0]
    for failure in DOUBLES[key].FAILURES:
        server.state.behaviours[:] = [{"network": key, "do": failure, "times": 1, "method": sent_by(key)}]
        outcome = _outcome(key, credentials, say)
        assert outcome is None or type(outcome) in (*Outcome.__subclasses__(), *base.Expired.__subclasses__())
        assert outcome is None or outcome.after > 0 or not isinstance(outcome, base.Throttled)


def _outcome(key: str, credentials: Credentials, say: Say) -> Outcome | None:
    try:
        of(key).send(credentials, say)
    except Outcome as outcome:
        return outcome
    return None


@called
@pytest.mark.parametrize(
    ("failure", "outcomes"),
    [
        ("expired", (base.Expired,)),
        ("throttled", (base.Throttled,)),
        ("window_closed", (base.WindowClosed,)),
        ("gone", (base.Gone,)),
        ("rejected", (base.Rejected,)),
        ("unavailable", (base.Unreachable, base.Unknown)),
        ("timeout", (base.Unknown,)),
    ],
)
def test_failure_becomes_the_outcome_of_its_class(
    key: str, failure: str, outcomes: tuple[type[Outcome], ...], server: Server
) -> None:
    if failure == "window_closed" and failure not in DOUBLES[key].FAILURES:
        return  # it has no window
    credentials, say = connected(key), answers(key)[0]
    writes = getattr(DOUBLES[key], "WRITES", "")
    behaviour = {"network": key, "do": failure, "times": 1, "method": sent_by(key), "path": writes}
    server.state.behaviours.append(behaviour)
    with pytest.raises(outcomes):
        of(key).send(credentials, say)


@connected_there
@pytest.mark.parametrize("failure", ["timeout", "unavailable"])
def test_question_that_fails_is_unreachable(key: str, failure: str, server: Server) -> None:
    credentials = connected(key)
    server.state.behaviours.append({"network": key, "do": failure, "times": 1})
    with pytest.raises(base.Unreachable):
        of(key).check(credentials)


@called
def test_nobody_listening_is_unreachable(key: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials, say = connected(key), answers(key)[0]
    monkeypatch.setenv("NETWORK_APIS", json.dumps({key: "http://127.0.0.1:1"}))
    settings.get.cache_clear()
    with pytest.raises(base.Unreachable):
        of(key).send(credentials, say)


@called
def test_what_it_can_do_to_a_message_is_done(key: str, server: Server) -> None:
    can, credentials = of(key).capabilities, connected(key)
    on: dict[Verb, tuple[Surface, ...]] = {
        "hide": can.hide,
        "unhide": can.hide,
        "like": can.like,
        "react": can.react,
        "unreact": can.react,
        "report": can.report,
    }
    emoji = (can.reactions or ("👍",))[0]
    said = [inbound.event for inbound in told(key) if isinstance(inbound.event, Message)]
    heard = {
        message.surface: message for message in reversed(said) if message.person and message.kind in ("", "review")
    }
    on["delete"] = can.delete
    for verb, surfaces in on.items():
        for surface in surfaces:
            message = heard[surface]
            act = Act(
                verb=verb, thread=message.thread, id=message.id, to=message.person.id if message.person else "",
                surface=surface, emoji=emoji if verb == "react" else "", context=message.context,
            )  # fmt: skip
            of(key).act(credentials, act)


@pytest.mark.parametrize("key", [key for key in networks.names() if of(key).is_shown])
def test_network_that_is_asked_whether_it_hid_something_tells(key: str, server: Server) -> None:
    is_shown, credentials = of(key).is_shown, connected(key)
    said = [
        inbound.event
        for inbound in told(key)
        if isinstance(inbound.event, Message) and inbound.event.surface == "comment"
    ]
    hidden = Act(verb="hide", thread=said[0].thread, id=said[0].id, surface="comment", context=said[0].context)
    assert is_shown and "comment" in of(key).capabilities.hide
    for act, shown in ((hidden, False), (replace(hidden, verb="unhide"), True)):
        of(key).act(credentials, act)
        assert is_shown(credentials, act) is shown
    for failure in ("timeout", "unavailable"):
        server.state.behaviours.append({"network": key, "do": failure, "times": 1})
        with pytest.raises(base.Unreachable):
            is_shown(credentials, hidden)
    wrong = '{"code": 0, "data": {"comments": {}}, "hidden": "no", "items": {}}'
    for body in ("{}", "[]", '{"code": 0, "data": {}}', wrong):
        server.state.behaviours.append({"network": key, "do": "serve", "times": 1, "body": body})
        with suppress(base.Unreachable):
            assert is_shown(credentials, hidden) is None


@pytest.mark.parametrize("key", networks.names())
def test_network_that_hides_says_who_sees_it_still_and_others_say_nothing(key: str) -> None:
    can = of(key).capabilities
    if not can.hide:
        assert (can.hide_seen_by, can.hide_undo, can.hide_rate, of(key).is_shown) == (None, False, None, None)
    assert can.delete or not can.delete_undo
    assert can.hide_rate is None or (can.hide_rate.calls > 0 and can.hide_rate.seconds > 0)
