"""Insults under a post, at a steady rate: how soon the network is asked to hide them, by its double's clock.

The hook, the queues and the stream are read in process, as in `flow`; the double is the stack's own.
"""

import json
import math
import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import urllib3

from benchmarks import figure, judged, stand, stream
from benchmarks.figure import Figure
from benchmarks.hook import Hook, Queue
from local import environment

WAITING = ("InboundQueue", "EventsQueue", "FollowupQueue", "AuditQueue", "ModerationQueue")
RATE, SECONDS, WARM_UP, PEOPLE, PATIENCE = 20, 30, 3, 100, 60
INSULTS = ("You are all w4nkers", "bande de crétins", "what a m0r0n", "sois un idiot de m3rde", "morons, all of you")
RULE = {
    "name": "Insults", "clause": "respect.insults", "per_minute": 1_000,
    "when": {"all": [{"field": "category", "is": "insult"}, {"field": "surface", "is": "comment"}]},
    "then": [{"do": "hide"}],
}  # fmt: skip


def figures() -> list[Figure]:
    """In a process of their own: the next part's is another table, and a process stays with the one that it opened."""
    with stand.apart() as apart:
        return apart(_measure)


def _measure() -> list[Figure]:
    with stand.environ(environment.tools()), stand.stack(WAITING, stream=True) as stack:
        _publish(stack)
        tried = [_rule(stack, said) for said in ({**RULE, "then": judged.STRIKES}, judged.RULE)]
        apis = {"NETWORK_APIS": json.dumps({"facebook": f"{stack['double']}/facebook"})}
        with ExitStack() as processes, stand.environ(apis):
            with stand.apart() as apart:
                units = apart(judged.figures, stack)
            for rule in tried:
                _asked(stack, "POST", f"/rules/{rule}/state", {"state": "retired"})
            _rule(stack, RULE)
            door, store, judge = (processes.enter_context(stand.apart()) for _ in range(3))
            store(begin_storing)
            judge(begin_judging)
            door(post, stack, "0", WARM_UP)
            due = door(post, stack, "1", SECONDS)
            hidden = _hidden(stack, due)
            for apart in (store, judge):
                apart(stream.end)
    waits = sorted(hidden.get(id, math.inf) - at for id, at in due.items())
    total, done = len(due), sum(1 for id in due if id in hidden)
    how = f"{RATE} insults/s for {SECONDS} s (API entry and consumers in process)"
    return [
        Figure(f"{how}: hidden", done, "comments", total, done / total, f"= {total}", done == total),
        *units,
        figure.limit(f"{how}: p95 from the webhook to the network's hide call", waits[int(total * 0.95)], 2, "s"),
    ]


def _publish(stack: Mapping[str, Any]) -> None:
    """The brand's line is in force."""
    brand = stack["brand"]
    line = _asked(stack, "GET", f"/brands/{brand}/line")["line"]
    _asked(stack, "PUT", f"/brands/{brand}/line", line)
    _asked(stack, "POST", f"/brands/{brand}/line/publish", {})


def _rule(stack: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """The id of that rule, which is at work."""
    rule: str = _asked(stack, "POST", "/rules", {**said, "brand": stack["brand"]})["id"]
    _asked(stack, "POST", f"/rules/{rule}/state", {"state": "live", "despite": "It is measured."})
    return rule


def _asked(stack: Mapping[str, Any], method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {stack['tokens']['owner']}"}
    answer = urllib3.request(method, f"{stack['api']}{path}", headers=headers, json=body, timeout=30)
    if answer.status >= 300:
        raise SystemExit(f"{method} {path} is answered with {answer.status}: {answer.data.decode()}")
    return answer.json()


def post(stack: Mapping[str, Any], name: str, seconds: int) -> dict[str, float]:
    """Hands the app each comment when it is due; gives when, by the network's id of the comment."""
    import app

    hook, began, due = Hook(stack, "facebook", "comment"), time.time() + 1, {}
    for number in range(seconds * RATE):
        id, at = f"7{name}{number:05d}", began + number / RATE
        person, text = f"55{number % PEOPLE:04d}", f"{INSULTS[number % len(INSULTS)]} ({number})"
        event = hook.event(hook.body(text=text, id=id, person=person, name=f"P{person}"))
        hook.post(app.on_hook, event, at)
        due[f"500_{id}"] = at
    return due


def begin_storing() -> None:
    """From now on, takes deliveries from the queue and follows the stream."""
    import app

    stream.begin(stream.follow, *[lambda: _consume("inbound", app.on_inbound, 10)] * 2)


def begin_judging() -> None:
    import app

    stream.begin(*[lambda: _consume("moderation", app.on_moderation, 5)] * 4)


def _consume(name: str, function: Any, most: int) -> None:
    """As many at once as Lambda hands over, see `app`."""
    queue = Queue(name)
    while not stream.ending.is_set():
        if records := queue.take(most=most):
            answer = function({"Records": records}, None)
            failed = {entry["itemIdentifier"] for entry in answer["batchItemFailures"]}
            queue.drop([record for record in records if record["messageId"] not in failed])


def _hidden(stack: Mapping[str, Any], due: Mapping[str, float]) -> Mapping[str, float]:
    """When the network was first asked to hide each comment; waits until there is no more to come."""
    times: dict[str, float] = {}
    patience = time.monotonic() + PATIENCE
    while due.keys() - times and time.monotonic() < patience:
        time.sleep(1)  # to list all calls takes time from what is measured
        address = f"{stack['double']}/requests?network=facebook&mentioning=is_hidden"
        for call in urllib3.request("GET", address, timeout=30).json()["items"]:
            if call["method"] == "POST" and call["status"] == 200:
                times.setdefault(call["path"].rpartition("/")[2], call["at"])
    return times
