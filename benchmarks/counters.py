"""What the counters of a screen cost to read, with few open conversations and with many, of one brand and of many."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from benchmarks import figure
from benchmarks.capacity import units
from benchmarks.figure import Figure
from benchmarks.lists import BATCH, FEW, MANY, ROUNDS, TABLE, WARM_UP, asking, cpu_ms, fill, found, on_a_table
from chalicelib.events import tallies
from chalicelib.store import table
from chalicelib.store.models.inbox import Tally
from local import environment

ONE, ALL = "/v1/brands/{id}/counters", "/v1/counters"
BRANDS, ASSIGNEES, OPEN_EACH = 100, 20, 10
MOST_UNITS, CPU_MS, ALL_CPU_MS = 2, 5, 50


def figures() -> list[Figure]:
    """Each on a table of its own, from a fresh process."""
    brand = [row for number in (FEW, MANY) for row in on_a_table(partial(_of_a_brand, number))]
    return [*brand, *on_a_table(_of_all)]


def _of_a_brand(number: int, endpoint: str) -> list[Figure]:
    agency, [brand] = found(1)
    fill(endpoint, agency, {brand: number})
    _keep(endpoint, agency, [brand], number)
    ask = asking(ONE, {"id": brand})
    if (ask()["unread"], ask()["statuses"]["open"]) != (number, number):
        raise SystemExit(f"It counts {ask()}.")
    return _measured(ask, f"a brand's counters ({ASSIGNEES} assignees, {number:,} open)", 1, CPU_MS)


def _of_all(endpoint: str) -> list[Figure]:
    agency, brands = found(BRANDS)
    fill(endpoint, agency, dict.fromkeys(brands, OPEN_EACH))
    _keep(endpoint, agency, brands, OPEN_EACH)
    ask = asking(ALL)
    if [conversation["unread"] for conversation in ask()["items"]] != [OPEN_EACH] * BRANDS:
        raise SystemExit("These are not the counters of the agency.")
    return _measured(ask, f"the counters of {BRANDS} brands ({ASSIGNEES} assignees each)", BRANDS, ALL_CPU_MS)


def _measured(ask: Callable[[], Any], what: str, brands: int, most_ms: float) -> list[Figure]:
    for _ in range(WARM_UP):
        ask()
    _, read = units(_counting(ask))
    taken = median(cpu_ms(ask) for _ in range(ROUNDS))
    return [
        figure.limit(f"Read units a brand for {what}", read / brands, MOST_UNITS, "RU"),
        figure.limit(f"CPU for {what} (app.app called)", taken, most_ms, "ms"),
    ]


def _counting(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The reads of counters and tallies that are made: the others belong to any request."""
    calls: list[tuple[str, Any]] = []

    def note(model: Any, parsed: Any, **_: Any) -> None:
        if any(raw.get("sk", {}).get("S", "").startswith("brd_") for raw in parsed.get("Items", ())):
            calls.append((model.name, json.loads(json.dumps(parsed))))

    events = table.connection().client.meta.events
    events.register("after-call.dynamodb.Query", note)
    ask()
    events.unregister("after-call.dynamodb.Query", note)
    return calls


def _keep(endpoint: str, agency: str, brands: list[str], number: int) -> None:
    """Writes the tallies that the stream would have made of so many open, unread conversations of nobody."""
    client, made = environment.client("dynamodb", endpoint), list(_tallies(agency, brands, number))
    for start in range(0, len(made), BATCH):
        puts = [{"PutRequest": {"Item": tally.serialize()}} for tally in made[start : start + BATCH]]
        client.batch_write_item(RequestItems={TABLE: puts})


def _tallies(agency: str, brands: list[str], number: int) -> Iterator[Tally]:
    for brand in brands:
        yield Tally(*tallies.key(agency, (brand, "")), unread=number, waiting=number, unassigned=number, moves=number)
        for who in range(ASSIGNEES):
            yield Tally(*tallies.key(agency, (brand, f"mbr_{who:026d}")), moves=number)
