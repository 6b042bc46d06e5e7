"""What people write arrives once, in the right brand, in the network's order."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.networks.double import wire
from tests.support import turns
from tests.support.people import VOICES, Fan, now
from tests.support.stack import Stack, eventually

everywhere = pytest.mark.parametrize("fan", turns.taken(VOICES), indirect=True)
KINDS = {"review": "review"}


@everywhere
def test_words_become_a_message_in_a_conversation(fan: Fan) -> None:
    at = now()
    id = fan.says("Do you deliver? 🚲", at=at)
    message, conversation = fan.channel.message(id), fan.channel.conversation()
    assert (message["text"], message["direction"], message["status"]) == ("Do you deliver? 🚲", "in", "received")
    assert (message["surface"], message["kind"]) == (fan.voice.surface, KINDS.get(fan.voice.surface, "text"))
    assert message["author"]["network_id"].endswith(fan.id)
    assert message["conversation"] == conversation["id"]
    assert (conversation["brand"], conversation["channel"]) == (fan.channel.agency.brand, fan.channel.id)
    assert (conversation["status"], conversation["unread"]) == ("open", 1)
    assert conversation["last_message"]["id"] == message["id"]
    assert conversation["contact"]["id"] == message["author"]["contact"]


@everywhere
def test_delivered_twice_counts_once(fan: Fan) -> None:
    event, fields, id = fan.said("Hello?")
    raw = wire(fan.channel.body(event, **fields))
    assert [fan.channel.post(raw).status for _ in range(3)] == [200] * 3
    fan.channel.settled()
    assert [message["network_id"] for message in fan.channel.messages()] == [id]
    assert fan.channel.conversation()["unread"] == 1


@pytest.mark.parametrize("network", ["facebook", "messenger", "instagram", "whatsapp"])
def test_each_agency_gets_its_own_of_a_shared_delivery(stack: Stack, network: str) -> None:
    fans = [Fan(stack.connect(network, agency)) for agency in (stack.ours, stack.theirs)]
    ids = _post_together(fans, [[fan.said(text)] for fan, text in zip(fans, ("ours", "theirs"), strict=True)])
    for fan, id, text in zip(fans, ids, ("ours", "theirs"), strict=True):
        assert fan.channel.message(id)["text"] == text
        assert [message["network_id"] for message in fan.channel.messages()] == [id]
        assert fan.channel.conversation()["brand"] == fan.channel.agency.brand
    entries = [fan.channel.ledger() for fan in fans]
    assert [[(entry["outcome"], entry["count"]) for entry in ledger] for ledger in entries] == [[("applied", 1)]] * 2


def _post_together(fans: list[Fan], said: list[list[tuple[str, dict[str, object], str]]]) -> list[str]:
    """One body with what all of them say; gives the network's ids."""
    bodies = [
        fan.channel.body(event, **fields) for fan, each in zip(fans, said, strict=True) for event, fields, _ in each
    ]
    entries = [entry for body in bodies for entry in body["entry"]]
    assert fans[0].channel.post(wire({**bodies[0], "entry": entries})).status == 200
    return [id for each in said for _, _, id in each]


@pytest.mark.parametrize("fan", ["messenger", "telegram"], indirect=True)
def test_a_hundred_concurrent_deliveries_of_fifty_count_fifty(fan: Fan) -> None:
    at = now()
    said = [fan.said(f"number {count}", at=at - count * 1000) for count in range(50)]
    raws = [wire(fan.channel.body(event, **fields)) for event, fields, _ in said] * 2
    with ThreadPoolExecutor(8) as together:
        assert {answer.status for answer in together.map(fan.channel.post, raws)} == {200}
    fan.channel.deliveries = 100
    fan.channel.settled()
    assert fan.channel.conversation()["unread"] == 50
    assert [message["network_id"] for message in fan.channel.messages()] == [id for _, _, id in reversed(said)]


@everywhere
def test_order_is_the_networks_time_not_arrival(fan: Fan) -> None:
    if fan.voice.surface == "review":
        return  # each is a conversation of its own
    noon = now() - 600_000
    late = fan.says("third", at=noon + 2000)
    first = fan.says("first", at=noon)
    second = fan.says("second", at=noon + 1000)
    fan.channel.settled()
    assert [message["network_id"] for message in fan.channel.messages()] == [first, second, late]
    assert fan.channel.conversation()["last_message"]["text"] == "third"


# S19
def test_large_delivery_in_another_script_arrives_whole(stack: Stack) -> None:
    fan, text = Fan(stack.connect("facebook")), "語" * 8000
    said = [fan.said(f"{number} {text}", at=now() - number * 1000) for number in range(101)]
    said.append(fan.said(text * 7))  # too large for a queue by itself
    bodies = [fan.channel.body(event, **fields) for event, fields, _ in said]
    together = {**bodies[0], "entry": [entry for body in bodies for entry in body["entry"]]}
    assert fan.channel.post(json.dumps(together, ensure_ascii=False).encode()).status == 200
    ids = [id for _, _, id in said]
    eventually(lambda: sum(entry["count"] for entry in fan.channel.ledger() if entry["outcome"] == "applied") == 102)
    assert {message["network_id"] for message in fan.channel.messages()} == set(ids)
    assert fan.channel.message(ids[-1])["text"].startswith("語")


# S14
def test_comment_edited_without_end_shows_its_present_words(stack: Stack) -> None:
    fan, at = Fan(stack.connect("facebook")), now() - 60_000
    id = fan.says("0", at=at)
    for number in range(1, 21):
        fan.does("edits", id, f"{number} {'語' * 8000}", at=at + number * 1000)
        fan.channel.settled()
    message = fan.channel.message(id)
    assert message["text"].startswith("20 ")
    assert len(message["revisions"]) + message["left_out"]["revisions"] == 20
