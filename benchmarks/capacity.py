"""What a message costs the table: units as AWS bills them, and whether units or time grow with what is in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from benchmarks import dynoxide, figure, stand
from benchmarks.cost import SHORT
from benchmarks.figure import Figure
from benchmarks.hook import Hook, Queue
from benchmarks.inbox import Inbox
from benchmarks.measure import times
from chalicelib import clock, ids, settings
from chalicelib.people import agencies
from chalicelib.store import fence, keys, table
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.people import Agency
from chalicelib.teamwork import escalation
from local import environment

SAID = (SHORT, "مرحبا، هل القميص الأزرق متوفر بمقاس متوسط؟ " * 2, "青いシャツのMサイズは在庫がありますか。" * 5)
PEOPLE, PERSON = 100, "16505550005"
FEW, MANY = 100, 100_000
BATCH = 25
BLOCKS, BLOCK = 150, 4
Units = tuple[float, float]


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """The units of one message, then the same with little and with much in the table."""
    with stand.apart() as apart:
        written, read = apart(_delivery, stack)
    return [
        figure.limit(
            "Write units per delivery (existing conversation with service levels; 100 characters, any script)",
            written,
            7,
            "WU",
        ),
        figure.limit("Read units per delivery (existing conversation; all of on_inbound)", read, 2, "RU"),
        *_growth(stack),
    ]


def _delivery(stack: Mapping[str, Any]) -> Units:
    """The most that a delivery costs, from the hook to the conversation, whatever script it is in."""
    import app

    hook, inbox, queue = Hook(stack), Inbox(stack, "16505550004"), Queue()

    def deliver(text: str) -> None:
        hook.post(app.on_hook, hook.event(inbox.body(text)))
        records = queue.take()
        if app.on_inbound({"Records": records}, None)["batchItemFailures"]:
            raise SystemExit("A delivery was not applied.")
        queue.drop(records)

    deliver(SHORT)
    with_service_levels(inbox)
    costs = [units(inbox.watched("after-call", partial(deliver, text))) for text in SAID]
    return max(written for written, _ in costs), max(read for _, read in costs)


def with_service_levels(inbox: Inbox) -> None:
    """The brand promises answers in time, so the conversation keeps its clocks as well."""
    owner, levels = inbox.owner, {"name": "All", "first_response": 60, "next_response": 60, "resolution": 600}
    brand = Brand(owner.agency, keys.noun(owner.brand))
    with fence.within(owner.agency):
        table.update(brand, [Brand.settings.set({"service_levels": [levels]})])
        escalation.check(owner.agency, inbox.conversation, clock.now())


def units(calls: list[tuple[str, Any]]) -> Units:
    """Units written and read by those calls."""
    written = read = 0.0
    for operation, answer in calls:
        consumed = answer["ConsumedCapacity"]
        tables = consumed if isinstance(consumed, list) else [consumed]
        units = sum(usage["CapacityUnits"] for usage in tables)
        if operation in ("GetItem", "Query", "BatchGetItem", "TransactGetItems"):
            read += units
        else:
            written += units
    return written, read


def _growth(stack: Mapping[str, Any]) -> list[Figure]:
    with table_of(stack, FEW) as few, table_of(stack, MANY) as many:
        units = [apart(_stored_units, stack) for apart in (few, many)]
        taken: list[list[float]] = [[], []]
        for turn in range(BLOCKS):
            for which in (0, 1) if turn % 2 else (1, 0):
                taken[which] += (few, many)[which](_stored_times, stack)
    small, large = map(median, taken)
    same = "Write and read units per inbound message with 100,000 stored / with 100"
    return [
        Figure(
            same, sum(units[1]), "units", sum(units[0]), sum(units[1]) / sum(units[0]), "= 1x", units[0] == units[1]
        ),
        figure.ratio("Time per inbound message with 100,000 stored / with 100 (Dynoxide)", large, small, 1.1),
    ]


@contextmanager
def table_of(stack: Mapping[str, Any], messages: int, *, people: int = PEOPLE) -> Iterator[stand.Apart]:
    """A table of its own with so many messages of so many people, and a fresh process that speaks to it."""
    with dynoxide.running() as endpoint, stand.environ({stand.TABLE: endpoint}):
        with stand.apart() as filling:
            filling(_fill, stack, endpoint, people, messages // people)
        with stand.apart() as fresh:
            yield fresh


def _fill(stack: Mapping[str, Any], endpoint: str, people: int, each: int) -> None:
    """Conversations of so many people with the brand, of `each` messages: one of now, the others before it."""
    dynoxide.create(endpoint, settings.get().table)
    agency = Agency(stack["agency"], agencies.KEY, id=stack["agency"], name="", owners=1, id_key="", created_at=0)
    with fence.within(agency.id):
        table.put(agency)
    inbox = Inbox(stack, PERSON)
    client = environment.client("dynamodb", endpoint)
    for number in range(people):
        person = PERSON if number == 0 else f"1650556{number:04d}"
        calls = dict(inbox.watched("before-parameter-build", partial(inbox.hear, SHORT, person)))
        newest = calls["TransactWriteItems"]["TransactItems"][0]["Put"]["Item"]
        for start in range(1, each, BATCH):
            puts = [{"PutRequest": {"Item": _older(newest, n)}} for n in range(start, min(start + BATCH, each))]
            client.batch_write_item(RequestItems={inbox.table: puts})


def _older(item: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    at, network_id = int(item["sent_at"]["N"]) - number * 1000, f"{item['network_id']['S']}{number}"
    id = ids.message(ids.conversation_of(item["id"]["S"]), at, network_id)
    renamed = {"id": id, "sk": keys.message(id), "network_id": network_id}
    return {**item, **{name: {"S": text} for name, text in renamed.items()}, "sent_at": {"N": str(at)}}


def _stored_units(stack: Mapping[str, Any]) -> Units:
    inbox = Inbox(stack, PERSON)
    return units(inbox.watched("after-call", lambda: inbox.hear(SHORT)))


def _stored_times(stack: Mapping[str, Any]) -> list[float]:
    inbox = Inbox(stack, PERSON)
    messages = [inbox.next_message(SHORT) for _ in range(BLOCK)]
    return times(lambda: inbox.apply(messages.pop(0)), BLOCK)
