"""What a message, a page, a reply and an approval use of AWS, in all functions together; `make cost` prices it."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmarks import figure, request, stand
from benchmarks.capacity import with_service_levels
from benchmarks.cost import LONG, PAGE, SHORT
from benchmarks.figure import Figure
from benchmarks.hook import Hook
from benchmarks.inbox import Inbox
from benchmarks.machine import Machine
from chalicelib import settings

PERSON = "16505550007"
BLOCKS, ROUNDS = 5, 8
MOST_WRITTEN = {"message: write units": 7, "message: on_event: write units": 1}
Once = Callable[[], object]


def figures(stack: Mapping[str, Any]) -> list[Figure]:
    """A figure for each thing that each kind of work takes."""
    with stand.apart() as apart:
        return apart(_measured, stack)


def _measured(stack: Mapping[str, Any]) -> list[Figure]:
    apis = {channel["network"]: f"{stack['double']}/{channel['network']}" for channel in stack["channels"]}
    os.environ["NETWORK_APIS"] = json.dumps(apis)
    settings.get.cache_clear()
    with _nobody_else():
        machine = Machine()
        used = {name: _used(machine, prepare()) for name, prepare in _kinds(stack, machine).items()}
    approved = used["approval"]
    used["approval"] = {unit: taken - used["reply"].get(unit, 0) for unit, taken in approved.items()}
    return [
        _figure(name, unit, taken) for name, units in used.items() for unit, taken in units.items() if taken > 0.005
    ]


def _figure(name: str, unit: str, taken: float) -> Figure:
    if most := MOST_WRITTEN.get(f"{name}: {unit}"):
        return figure.limit(f"{name}: {unit}", taken, most, "WU")
    return Figure(f"{name}: {unit}", round(taken, 2), unit.rpartition(": ")[2], None, None, "priced", ok=True)


def _used(machine: Machine, once: Once) -> dict[str, float]:
    """What one takes, in the block with the least CPU: whatever else runs on this machine can only add to it."""
    once()
    blocks = []
    for _ in range(BLOCKS):
        machine.used.clear()
        for _ in range(ROUNDS):
            once()
        blocks.append({unit: taken / ROUNDS for unit, taken in machine.used.items()})
    return min(blocks, key=lambda used: sum(taken for unit, taken in used.items() if unit.endswith("CPU ms")))


def _kinds(stack: Mapping[str, Any], machine: Machine) -> Mapping[str, Callable[[], Once]]:
    """For each kind of work a function that prepares it, and gives a function that does it once."""
    inbox, hook, tokens = Inbox(stack, PERSON), Hook(stack), stack["tokens"]

    def hear(text: str = SHORT, person: str = "") -> None:
        machine.run("on_hook", hook.event(inbox.body(text, person)))

    def ask(role: str, verb: str, pattern: str, parts: Any = None, body: Any = None) -> Any:
        answer = machine.run("api", request.of(tokens[role], verb, pattern, parts, body))
        if answer["statusCode"] >= 300:
            raise SystemExit(f"{verb} {pattern} was answered {answer['statusCode']}: {answer['body']}")
        return json.loads(answer["body"])

    def draft(role: str) -> Any:
        machine.aside(hear)  # what is answered
        return ask(role, "POST", "/v1/conversations/{id}/replies", {"id": inbox.conversation}, {"text": SHORT})

    def approve() -> None:
        reply = draft("content_creator")
        ask("community_manager", "POST", "/v1/replies/{id}/approve", {"id": reply["id"]}, {"hash": reply["hash"]})

    def turn() -> None:
        machine.aside(lambda: draft("owner"))
        hear()

    def promise() -> Once:
        with_service_levels(inbox)
        return turn

    for number in range(PAGE):
        hear(person=f"1650558{number:04d}")
    return {
        "message": lambda: hear,
        "long message": lambda: partial(hear, LONG),
        "page": lambda: partial(ask, "owner", "GET", "/v1/conversations"),
        "reply": lambda: partial(draft, "owner"),
        "approval": lambda: approve,
        "message with a deadline": promise,
    }


@contextmanager
def _nobody_else() -> Iterator[None]:
    """Meanwhile the stack's own functions take nothing from the queues."""
    import boto3

    functions = boto3.client("lambda")
    running = [
        mapping
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]
        if mapping["State"] == "Enabled"
    ]
    for mapping in running:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        for mapping in running:
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
