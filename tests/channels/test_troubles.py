"""F22. A channel has many troubles at a time; each lasts until its own end, and the worst is what people see."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import ids
from chalicelib.channels import channels, troubles
from chalicelib.store import fence, keys, table
from chalicelib.store.models.channels import Channel
from tests.support.stack import Stack, eventually

BANNED = ("disconnected", "account_ban.disabled_update", "DISABLE")
RED, BLUE = ("alert", "template[1].rejected", "red"), ("alert", "template[12].rejected", "blue")
BLOCKED, EXPIRED = ("paused", "policy_enforcement", "Spam"), ("expired", "token.expired", "")
News = tuple[str, str, str]


def end(trouble: News) -> News:
    return "ok", trouble[1].partition(".")[0] + ".ended", ""


def told(*news: News) -> troubles.Troubles:
    known: troubles.Troubles = {}
    for at, (health, name, detail) in enumerate(news):
        known = troubles.after(known, health, name, detail, at)
    return known


@pytest.mark.parametrize("news", [*permutations([BANNED, RED, BLUE, BLOCKED, EXPIRED])])
def test_worst_shows_whatever_came_last(news: tuple[News, ...]) -> None:
    assert troubles.worst(told(*news)) == ("disconnected", "account_ban.disabled_update: DISABLE")
    healths = [trouble["health"] for trouble in troubles.view(told(*news))]
    assert healths == ["disconnected", "expired", "paused", "alert", "alert"]


@pytest.mark.parametrize("ended", [*permutations([BANNED, RED, BLUE, BLOCKED, EXPIRED])])
def test_each_trouble_lasts_until_its_own_end(ended: tuple[News, ...]) -> None:
    known = [BANNED, RED, BLUE, BLOCKED, EXPIRED]
    for count in range(6):
        lasting = {trouble[1] for trouble in known} - {trouble[1] for trouble in ended[:count]}
        shown = troubles.view(told(*known, *map(end, ended[:count])))
        assert {trouble["text"].partition(":")[0] for trouble in shown} == lasting
    assert troubles.worst(told(*known, *map(end, ended))) == ("ok", "")


def test_end_of_what_never_began_ends_nothing() -> None:
    others = ("ok", "history.refused", ""), ("ok", "account.other", "")
    assert troubles.worst(told(BANNED, *others)) == troubles.worst(told(BANNED))


@given(st.permutations([(*RED, 1), (*end(RED), 2), (*RED, 3), (*BANNED, 4), (*end(RED), 5), (*BLUE, 6)]))
def test_news_may_come_in_any_order_and_again(news: list[tuple[str, str, str, int]]) -> None:
    known: troubles.Troubles = {}
    for health, name, detail, at in [*news, *news]:
        known = troubles.after(known, health, name, detail, at)
    assert [trouble["text"] for trouble in troubles.view(known)] == [
        "account_ban.disabled_update: DISABLE",
        "template[12].rejected: blue",
    ]


def test_troubles_are_bounded_and_the_worst_is_kept() -> None:
    known = told(BANNED, *(("alert", f"template[{count}].rejected", "x" * 5000) for count in range(500)))
    assert len(known) == troubles.MOST
    assert troubles.worst(known)[0] == "disconnected"
    assert sum(len(trouble["text"]) for trouble in known.values()) <= troubles.MOST * troubles.LONGEST_TEXT


@pytest.fixture
def channel(stack: Stack) -> Iterator[Channel]:
    id = ids.new("chn")
    with fence.within(stack.ours.id):
        made = Channel(
            stack.ours.id, keys.noun(id), id=id, brand=stack.ours.brand, network="example", account="1", name="Shop",
            sealed="", created_at=1,
        )  # fmt: skip
        table.put(made)
        yield made
        table.delete(made)


def test_troubles_told_at_once_are_all_kept(channel: Channel) -> None:
    news = [("alert", f"template[{count}].rejected", count) for count in range(6)]
    with ThreadPoolExecutor(6) as together:
        held = [copy_context() for _ in news]
        list(
            together.map(
                lambda context, what: context.run(channels.report_health, channel.pk, channel.id, *what), held, news
            )
        )
    stored = channels.get(channel.pk, channel.id)
    assert (len(stored.troubles), stored.health) == (6, "alert")


def test_trouble_of_a_channel_that_was_disconnected_is_nobodys(channel: Channel) -> None:
    table.delete(channel)
    channels.report_health(channel.pk, channel.id, "alert", "error", 5)
    assert channels.find(channel.pk, channel.id) is None


def test_banned_number_stays_banned_while_templates_come_and_go(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    for event in ("disconnected", "template_rejected", "violation"):
        channel.tell(event)
        channel.settled()
    shown = channel.shown()
    assert eventually(lambda: len(shown["troubles"]) == 3)
    assert (shown["health"], shown["alert"]) == ("disconnected", shown["troubles"][0]["text"])
