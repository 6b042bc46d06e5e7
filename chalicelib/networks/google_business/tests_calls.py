"""The calls for each reply that we send, and what polling a place finds."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Act, Media, Say
from chalicelib.networks.double import number
from chalicelib.networks.google_business import NETWORK, connect, double, polling
from local.double import Server

PLACE = "accounts/1/locations/2"
US = base.Credentials(account=PLACE, token="ya29.test", details={"topic": "projects/p/topics/t"})
REVIEW = f"{PLACE}/reviews/Ab1"
HELLO = Say(thread=REVIEW, to="Ab1", surface="review", text="Thank you")
NOW, MINUTE, DAY = 1_790_000_000_000, 60_000, 86_400_000


def test_reply_is_put_in_place(server: Server) -> None:
    sent = NETWORK.send(US, HELLO)
    assert sent.id.startswith(f"{REVIEW}/reply@1")
    [call] = server.state.requests
    assert (call["method"], call["host"], call["path"]) == ("PUT", "mybusiness.googleapis.com", f"/v4/{REVIEW}/reply")
    assert call["json"] == {"comment": "Thank you"}


OUTCOMES: dict[str, tuple[type[base.Outcome], str]] = {
    "expired": (base.Expired, "UNAUTHENTICATED"),
    "throttled": (base.Throttled, "RESOURCE_EXHAUSTED"),
    "throttled_for_seconds": (base.Throttled, "RESOURCE_EXHAUSTED"),
    "gone": (base.Gone, "NOT_FOUND"),
    "rejected": (base.Rejected, "INVALID_ARGUMENT"),
    "forbidden": (base.Rejected, "PERMISSION_DENIED"),
    "unavailable": (base.Unknown, "503"),
    "broken": (base.Unknown, "502"),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_failure_becomes_its_outcome(name: str, server: Server) -> None:
    server.state.behaviours.append({"network": "google_business", "do": name, "times": 1})
    with pytest.raises(base.Outcome) as raised:
        NETWORK.send(US, HELLO)
    assert (type(raised.value), raised.value.code) == OUTCOMES[name]
    assert raised.value.after == {"throttled": 60, "throttled_for_seconds": 17}.get(name, 0)


def test_what_google_does_not_take_is_rejected(server: Server) -> None:
    picture = Media(kind="image", url="https://a.test/a")
    says = [Say(thread=PLACE, text="Hi"), Say(thread=REVIEW), Say(thread=REVIEW, text="Hi", attachments=(picture,))]
    for say in says:
        with pytest.raises(base.Rejected):
            NETWORK.send(US, say)
    with pytest.raises(base.Rejected):
        NETWORK.act(US, Act(verb="hide", thread=REVIEW, id=REVIEW, surface="review"))
    with pytest.raises(base.Rejected):
        polling.pull(base.Credentials(account="../v1", token="ya29.test"), {}, 60)
    assert server.state.requests == []
    with pytest.raises(base.Rejected):
        NETWORK.send(US, Say(thread=REVIEW, text="é" * 2049))


def test_connecting_names_the_place_and_its_topic(server: Server) -> None:
    assert NETWORK.check(US) == base.Connected(account=PLACE, name="Bella Pasta, Lisbon", details=US.details)
    NETWORK.subscribe(US, "https://palabre.test/hooks/google_business", "")
    NETWORK.unsubscribe(US)
    last = server.state.requests[-1]
    assert (last["method"], last["path"]) == ("PATCH", "/v1/accounts/1/notificationSetting")
    assert last["json"] == {"pubsubTopic": "projects/p/topics/t", "notificationTypes": ["NEW_REVIEW", "UPDATED_REVIEW"]}
    server.state.clear()
    NETWORK.subscribe(base.Credentials(account=PLACE, token="ya29.test"), "https://palabre.test", "")
    assert server.state.requests == []


@pytest.mark.parametrize(("account", "do"), [("locations/2", "answer"), (PLACE, "elsewhere")])
def test_place_has_to_be_one_of_theirs(account: str, do: str, server: Server) -> None:
    server.state.behaviours.append({"network": "google_business", "do": do, "times": 1})
    with pytest.raises(base.Rejected):
        NETWORK.check(base.Credentials(account=account, token="ya29.test"))
    server.state.clear()


@pytest.mark.parametrize(
    ("refusal", "words"), [("gone", "does not belong to the account"), ("forbidden", "does not have permission")]
)
def test_place_has_to_belong_to_the_account(refusal: str, words: str, server: Server) -> None:
    reviews = {"network": "google_business", "do": refusal, "path": f"/v4/{PLACE}/reviews", "times": 1}
    server.state.behaviours.append(reviews)
    with pytest.raises(base.Rejected, match=words):
        NETWORK.check(US)
    server.state.clear()


def test_places_of_all_accounts_are_offered(server: Server) -> None:
    places = connect.accounts(base.Tokens(token="ya29.test"))
    assert [(place.id, place.name) for place in places] == [
        ("accounts/1/locations/1", "Place 1"), ("accounts/1/locations/2", "Place 2"),
        ("accounts/3/locations/1", "Place 1"),
    ]  # fmt: skip


class Place:
    """A place of its own, which people review."""

    def __init__(self) -> None:
        self.us = base.Credentials(account=f"accounts/1/locations/{10**6 + number()}", token="ya29.test")

    def gets(self, text: str, at: int = NOW, **fields: Any) -> str:
        payload = double.review(text, account=self.us.account, at=at, **fields)
        double.posted(payload)
        return str(payload["items"][0]["reviewId"])

    def look(self, mark: base.Json, now: int = NOW) -> tuple[list[Any], base.Pulled]:
        pulled = polling.look(self.us, mark, now)
        events = [inbound.event for body in pulled.bodies for inbound in NETWORK.parse(body)]
        return [(type(event).__name__, getattr(event, "text", "")) for event in events], pulled


def test_first_look_gives_the_past_and_the_next_ones_what_is_new(server: Server) -> None:
    place = Place()
    place.gets("Long ago", NOW - 31 * DAY)
    old = place.gets("Last week", NOW - 7 * DAY)
    events, pulled = place.look({})
    assert (events, pulled.bodies[0]["history"]) == ([("Message", "Last week")], True)
    server.state.clear()
    assert place.look(pulled.mark, NOW + MINUTE)[0] == []
    assert place.look(pulled.mark, NOW + MINUTE)[1].mark == pulled.mark
    assert len(server.state.requests) == 2
    place.gets("New", NOW + 2 * MINUTE)
    place.gets("Changed", NOW - 7 * DAY, id=old, edited=NOW + 3 * MINUTE)
    events, pulled = place.look(pulled.mark, NOW + 9 * MINUTE)
    assert events == [("Message", "New"), ("Message", "Changed"), ("Edit", "Changed")]
    place.gets("New", NOW + 2 * MINUTE, id="new", reply="On Google", replied=NOW + 10 * MINUTE)
    events, pulled = place.look(pulled.mark, NOW + 11 * MINUTE)
    assert events[-1] == ("Message", "On Google")


def test_more_than_a_look_can_read_is_read_on(server: Server) -> None:
    place = Place()
    for minute in range(260):
        place.gets(str(minute), NOW - minute * MINUTE)
    events, pulled = place.look({})
    assert (len(events), pulled.calls, pulled.more) == (250, 5, True)
    events, pulled = place.look(pulled.mark)
    assert ([text for _, text in events], pulled.more) == ([str(minute) for minute in range(259, 249, -1)], False)


def test_account_that_is_throttled_says_so(server: Server) -> None:
    server.state.behaviours.append({"network": "google_business", "do": "throttled", "times": 1})
    with pytest.raises(base.Throttled):
        polling.pull(US, {}, 60)
