"""What a minute costs in which a thousand accounts are asked for news and have none: the tick, and all its looks."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from benchmarks import figure, stand
from benchmarks.counting import READS, spent
from benchmarks.figure import Figure
from chalicelib import clock, ids, networks, settings
from chalicelib.aws import secrets
from chalicelib.channels import lookouts
from chalicelib.store import fence, keys, table
from chalicelib.store.models.channels import Channel
from chalicelib.upkeep import looks

ACCOUNTS, MOST_UNITS = 1000, 2
WRITES = ("PutItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem")


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    with stand.apart() as apart:
        return apart(_measured, stack)


def _measured(stack: Mapping[str, Any]) -> list[Figure]:
    os.environ["NETWORK_APIS"] = json.dumps({"mastodon": f"{stack['double']}/mastodon"})
    settings.get.cache_clear()
    for number in range(ACCOUNTS):
        _connect(stack, number)
    _tick()  # each finds where the next look begins
    written, read = spent(_tick, *READS, *WRITES)
    named = "of a minute in which 1,000 accounts are asked and have nothing new, for each account"
    return [
        figure.limit(f"Read units {named}", read / ACCOUNTS, MOST_UNITS, "RU"),
        figure.limit(f"Write units {named}", written / ACCOUNTS, 0, "WU"),
    ]


def _connect(stack: Mapping[str, Any], number: int) -> None:
    """As connecting does, but for what is looked up when it posts to us."""
    agency, id, network = stack["agency"], ids.new("chn"), networks.get("mastodon")
    if network is None:
        raise SystemExit("This build has no Mastodon.")
    with fence.within(agency):
        channel = Channel(
            agency, keys.noun(id), id=id, brand=stack["brand"], network="mastodon", name="The shop",
            account=f"shop{number}@mastodon.example", details={"server": "mastodon.example"},
            sealed=secrets.seal(agency, id, {"token": f"token{number}"}), created_at=clock.now(),
        )  # fmt: skip
        table.transact(table.putting(channel), *lookouts.starting(channel, network))


def _tick() -> None:
    """As the tick and its tasks do, one after the other."""
    outcomes = Counter(_look(task.body) for shard in range(lookouts.SHARDS) for task in looks.due(shard, 0))
    if outcomes["nothing"] < ACCOUNTS:
        raise SystemExit(f"The looks found {outcomes}.")


def _look(asked: Mapping[str, Any]) -> str:
    with fence.within(asked["agency"]):
        return looks.look(asked["agency"], asked["channel"], 1, clock.now())
