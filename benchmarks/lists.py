"""Counts and pages of the inbox, with many open conversations and with many brands: whole requests, no gateway."""

import json
import time
from collections import Counter as Tally
from collections.abc import Iterator
from functools import partial
from itertools import islice
from statistics import median, quantiles
from typing import Any

from benchmarks import dynoxide, figure, request, stand
from benchmarks.figure import Figure
from benchmarks.measure import times
from chalicelib import clock, ids
from chalicelib.inbox import conversations
from chalicelib.people import founding
from chalicelib.store import counters, fence, keys, table
from chalicelib.store.items import Item
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.inbox import Conversation, Counter, Message
from local import environment

TABLE, SUBJECT = "lists", "bench"
COUNT, LIST = "/v1/conversations/count", "/v1/conversations"
PAGE, BATCH = 25, 25
FEW, MANY, CPU_MS = 1_000, 100_000, 5
# Brands, in how many of them something is open, and within how many ms an answer has to come: where something is in all
# of them, each costs a query, which is CPU of this one process however many go on together.
AGENCIES = ((100, 10, 60), (250, 25, 120), (100, 100, 300), (250, 250, 750))
OPEN_EACH = 40
FEW_AND_MANY_MESSAGES, MESSAGES_EACH, TEXT_CHARACTERS = (1_000, 1_000_000), 10, 100
MOST_SLOWER = 1.2
ROUNDS, WARM_UP = 40, 10


def figures() -> list[Figure]:
    """Each on a table of its own, from a fresh process."""
    counts = [on_a_table(partial(_count, number)) for number in (FEW, MANY)]
    few, many = (on_a_table(partial(_among, messages)) for messages in FEW_AND_MANY_MESSAGES)
    name = "p95 of a page of 25 in an agency with 1,000,000 messages, beside one with 1,000 (app.app called)"
    return [
        *counts,
        figure.limit(name, many / few, MOST_SLOWER, "x"),
        *(row for agency in AGENCIES for row in on_a_table(partial(_over_all, *agency))),
    ]


def on_a_table(work: Any) -> Any:
    """What the work gives in a fresh process, beside an empty table whose address it takes."""
    nowhere = {**environment.tools(), **environment.NOWHERE, "TABLE": TABLE}
    with dynoxide.running() as endpoint, stand.environ({**nowhere, stand.TABLE: endpoint}):
        dynoxide.create(endpoint, TABLE)
        with stand.apart() as fresh:
            return fresh(work, endpoint)


def _count(number: int, endpoint: str) -> Figure:
    agency, [brand] = found(1)
    fill(endpoint, agency, {brand: number})
    ask = asking(COUNT, brand=[brand])
    if ask() != {"count": number, "more": False}:
        raise SystemExit(f"It counts {ask()}.")
    for _ in range(WARM_UP):
        ask()
    name = f"CPU per count of a brand's open conversations (app.app called; {number:,} open)"
    return figure.limit(name, median(cpu_ms(ask) for _ in range(ROUNDS)), CPU_MS, "ms")


def _among(messages: int, endpoint: str) -> float:
    """p95 in ms of a page of an inbox where so many messages are, ten in a conversation."""
    agency, [brand] = found(1)
    fill(endpoint, agency, {brand: messages // MESSAGES_EACH}, MESSAGES_EACH)
    page = asking(LIST, limit=[str(PAGE)])
    if len(page()["items"]) != PAGE:
        raise SystemExit("This is not the inbox of the agency.")
    return quantiles(times(page, 5 * ROUNDS + WARM_UP)[WARM_UP:], n=20)[-1]


def cpu_ms(work: Any) -> float:
    """The CPU that the work takes in this process."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _over_all(brands: int, occupied: int, most: float, endpoint: str) -> list[Figure]:
    agency, brand_ids = found(brands)
    fill(endpoint, agency, dict.fromkeys(brand_ids[:: brands // occupied], OPEN_EACH))
    page, count = asking(LIST, limit=[str(PAGE)]), asking(COUNT)
    if len(page()["items"]) != PAGE or count() != {"count": occupied * OPEN_EACH, "more": False}:
        raise SystemExit("This is not the inbox of the agency.")
    where = f"over {brands} brands, {occupied} of them with something open (app.app called)"
    return [
        figure.limit(f"{what} {where}", median(times(ask, ROUNDS + WARM_UP)[WARM_UP:]), most, "ms")
        for what, ask in (("A page of 25", page), ("A count", count))
    ]


def found(brands: int) -> tuple[str, list[str]]:
    """A new agency whose owner is the subject, and its brands."""
    agency = founding.found_agency("Bench", SUBJECT, "Bench", "bench@agency.example", clock.now()).id
    brand_ids = [ids.new("brd") for _ in range(brands)]
    with fence.within(agency):
        for id in brand_ids:
            table.put(Brand(agency, keys.noun(id), id=id, name="Brand", created_at=clock.now()))
    return agency, brand_ids


def fill(endpoint: str, agency: str, numbers: dict[str, int], messages: int = 0) -> None:
    """Writes so many open conversations of each brand, so many messages of each, and the counters that go with them."""
    client, made = environment.client("dynamodb", endpoint), _conversations(agency, numbers, messages)
    while batch := [{"PutRequest": {"Item": item.serialize()}} for item in islice(made, BATCH)]:
        client.batch_write_item(RequestItems={TABLE: batch})


def _conversations(agency: str, numbers: dict[str, int], messages: int) -> Iterator[Item]:
    tally, now = Tally[tuple[str, int]](), clock.now()
    for number in range(max(numbers.values())):
        for place, brand in enumerate(brand for brand, most in numbers.items() if number < most):
            id, at = f"cnv_{brand[4:]}{number:08d}", now - number * clock.MINUTE - place
            tally[brand, counters.shard_of(id)] += 1
            yield _conversation(agency, brand, id, at)
            yield from (_message(agency, id, at - said * clock.SECOND) for said in range(messages))
    for (brand, shard), number in tally.items():
        yield Counter(keys.within(agency, keys.COUNTERS), keys.counter(brand, str(shard)), open=number)


def _conversation(agency: str, brand: str, id: str, at: int) -> Conversation:
    said = {"id": f"msg_{id}", "direction": "in", "kind": "text", "text": "x" * conversations.PREVIEW_CHARACTERS}
    return Conversation(
        keys.within(agency, id), keys.CONVERSATION, brand=brand, channel="chn_bench", network="whatsapp", surface="dm",
        thread=id, contact="ctc_bench", contact_name="Ana", to=id, people={id}, unread=1, heard=1, last_message=said,
        waiting_since=at, opened_at=at, last_at=at, last_in_at=at, created_at=at, updated_at=at,
        inbox=keys.inbox(agency, brand, "open"), activity=keys.activity(at, id),
    )  # fmt: skip


def _message(agency: str, conversation: str, at: int) -> Message:
    id = f"msg_{conversation[4:]}{at:013d}"
    return Message(
        keys.within(agency, conversation), keys.message(id), id=id, channel="chn_bench", brand="brd_bench",
        direction="in", surface="dm", kind="text", text="x" * TEXT_CHARACTERS, author={"name": "Ana"},
        status="received", sent_at=at, received_at=at,
    )  # fmt: skip


def asking(path: str, parts: Any = None, **query: list[str]) -> Any:
    """A function that asks the app for that, and gives the answer."""
    import app

    event = request.by(SUBJECT, clock.now(), "GET", path, parts=parts, query=query or None)

    def ask() -> Any:
        answer = app.app(event, None)
        if answer["statusCode"] != 200:
            raise SystemExit(answer["body"])
        return json.loads(answer["body"])

    return ask
