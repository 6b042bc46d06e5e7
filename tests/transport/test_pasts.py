"""What was asked for and what is posted make one inbox, whichever comes first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import clock, networks
from chalicelib.channels.channels import Owner
from chalicelib.inbox import conversations
from chalicelib.networks import base
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.transport import apply
from tests.networks import pasts
from tests.support import turns
from tests.support.stack import DOUBLES, Stack, number

NOW = clock.now()
AT = (NOW // 60_000 - 10) * 60_000 + 400  # with milliseconds, which not every list tells
SECONDS = AT // 1000
Played = Sequence[tuple[str, Mapping[str, Any]]]


def facebook(id: str) -> Played:
    return [
        ("comment", {"id": f"{id}1", "text": "First", "at": SECONDS}),
        ("comment", {"id": f"{id}2", "text": "Second", "at": SECONDS, "parent": f"{id}1"}),
        ("own_comment", {"id": f"{id}3", "text": "Third", "at": SECONDS + 5, "parent": f"{id}1"}),
        ("comment_on_ad", {"id": f"{id}4", "text": "Fourth", "at": SECONDS}),
    ]


def messenger(id: str) -> Played:
    return [
        ("dm", {"mid": f"m_{id}1", "text": "First", "person": id, "at": AT}),
        ("dm", {"mid": f"m_{id}2", "text": "Second", "person": id, "at": AT + 300}),
        ("echo", {"mid": f"m_{id}3", "text": "Third", "person": id, "at": AT + 1300}),
        ("dm", {"mid": f"m_{id}4", "text": "Fourth", "person": f"{id}0", "at": AT}),
    ]


def instagram(id: str) -> Played:
    medium = {"media": f"1792{id}", "at": AT}
    return [
        ("comment", {"id": f"1795{id}1", "text": "First", **medium}),
        ("comment", {"id": f"1795{id}2", "text": "Second", "parent": f"1795{id}1", **medium}),
        ("own_comment", {"id": f"1795{id}3", "text": "Third", "parent": f"1795{id}1", **medium}),
        *[(event, {**fields, "mid": f"aWdf{fields['mid']}"}) for event, fields in messenger(id)],
    ]


def threads(id: str) -> Played:
    post = {"post": f"179{id}", "at": AT}
    return [
        ("comment", {"id": f"18{id}1", "text": "First", **post}),
        ("comment", {"id": f"18{id}2", "text": "Second", "answers": f"18{id}1", **post}),
        ("own_comment", {"id": f"18{id}3", "text": "Third", **post}),
        ("mention", {"id": f"18{id}4", "text": "Fourth", "at": AT}),
    ]


def x(id: str) -> Played:
    return [
        ("mention", {"id": f"20{id}1", "text": "First", "at": AT}),
        ("comment", {"id": f"20{id}2", "text": "Second", "root": f"20{id}9", "at": AT}),
        ("dm", {"id": f"20{id}3", "text": "Third", "person": id, "at": AT}),
        ("dm_sent", {"id": f"20{id}4", "text": "Fourth", "person": id, "at": AT + 300}),
    ]


def tiktok(id: str) -> Played:
    first, video = int(f"7{int(id):017}1"), int(f"7{int(id):017}0")
    return [
        ("comment", {"id": first, "text": "First", "video": video, "at": AT}),
        ("comment", {"id": first + 1, "text": "Second", "parent": first, "video": video, "at": AT + 1000}),
        ("comment", {"id": first + 2, "text": "Third", "video": video + 10**17, "at": AT}),
    ]


PLAYS: Mapping[str, Callable[[str], Played]] = {
    play.__name__: play for play in (facebook, messenger, instagram, threads, x, tiktok)
}
ORDERS: Mapping[str, Callable[[list[Any], list[Any]], list[Any]]] = {
    "posted first": lambda posted, asked: [*posted, *asked],
    "asked first": lambda posted, asked: [*asked, *posted],
    "in turns": lambda posted, asked: [*asked[:2], *posted, *asked, *posted],
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("network", turns.taken(PLAYS))
def test_what_is_asked_for_and_posted_is_there_once(network: str, order: str, stack: Stack, owner: Owner) -> None:
    account, us = f"1018{number()}", networks.get(network)
    assert us and us.past
    credentials = _credentials(network, account)
    played = [(event, {"account": account, **fields}) for event, fields in PLAYS[network](number())]
    for event, fields in played:
        stack.happens(network, event, fields)
    asked = pasts.bodies(us, credentials, AT - clock.MINUTE)
    posted = [DOUBLES[network].EVENTS[event](**fields) for event, fields in played]
    owner = replace(owner, network=network)
    for body in ORDERS[order](posted, asked):
        for inbound in us.parse(body):
            apply.event(owner, inbound, NOW)
    events = pasts.told(us, posted)
    assert _inbox(owner, events) == sorted(
        (event.thread, event.id, event.text, event.direction, event.at // 1000) for event in events
    )


def _credentials(network: str, account: str) -> base.Credentials:
    tokens = {"threads": f"THLL{account}-abc", "x": f"x-{account}-user", "tiktok": f"act.{account}"}
    token = tokens.get(network, f"EAAB{account}")
    return base.Credentials(account=account, token=token, details={"product": "instagram_login"})


def _inbox(owner: Owner, events: Sequence[base.Message]) -> list[Any]:
    rows = []
    for surface, thread in {(event.surface, event.thread) for event in events}:
        conversation = conversations.find(owner.agency, conversations.find_id(owner, surface, thread))
        assert conversation
        said = list(table.query(Message, conversation.pk, keys.MESSAGES, consistent=True))
        heard = [message for message in said if message.direction == "in"]
        assert (conversation.heard, conversation.unread) == (len(heard), len(heard))
        rows += [
            (thread, message.network_id, message.text, message.direction, message.sent_at // 1000) for message in said
        ]
    return sorted(rows)
