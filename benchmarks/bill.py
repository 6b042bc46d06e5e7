"""What the measured units cost at list prices, and which limit of AWS comes first. Pure.

`used` is what one message, page, reply or approval takes, by the names that benchmarks/work.py gives.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
Used = Mapping[str, float]
MILLION, SECONDS_A_MONTH = 1_000_000, 30.4 * 24 * 3600
# What a batch shares: calls of functions that a queue or the stream calls; of queues also receiving and deleting. A
# portion of events is one task of the lane and one item in it.
ALONE = ("on_hook", "api")
QUEUED = ("on_inbound", "on_followup", "on_files")


@dataclass(frozen=True)
class Limit:
    """`reached` is how many messages, pages or the like a second the part takes; `then` says what becomes of more."""

    part: str
    of: str
    work: str
    reached: float
    then: str


def used(figures: Iterable[Json], work: str) -> Used:
    """The figures of that kind of work; SystemExit if there are none."""
    taken = {
        figure["name"].removeprefix(f"{work}: "): float(figure["value"])
        for figure in figures
        if figure["name"].startswith(f"{work}: ")
    }
    if not taken:
        raise SystemExit(f"What a {work} takes was never measured: make bench")
    return taken


def lines(used: Used, data: Json, together: int = 1) -> Mapping[str, float]:
    """USD for a million times the work, by what is paid for. `together` is how many of them are in a batch."""
    each, calls = data["million"], dict(functions(used, "calls"))
    batched = {name: count if name in ALONE else count / together for name, count in calls.items()}
    requests = used.get("queue requests", 0)
    ordered = used.get("fifo requests", 0) + used.get("on_event: requests", 0) / together
    written = used.get("write units", 0) + used.get("on_event: write units", 0) / together
    months = data["assumed"]["days_of_events"] * 24 * 3600 / SECONDS_A_MONTH
    kept = used.get("kept bytes", 0) + used.get("on_event: kept bytes", 0) * months
    spared = 2 * sum(calls[name] - batched[name] for name in QUEUED if name in calls)  # received and deleted
    gb = data["assumed"]["memory_mb"] / 1024
    logged = used.get("log bytes", 0) * sum(batched.values()) / max(sum(calls.values()), 1)
    own = data["assumed"]["own_log_bytes"] * sum(batched.values())
    return {
        "gateways": calls.get("on_hook", 0) * each["requests to an HTTP API"]
        + calls.get("api", 0) * each["requests to a REST API"],
        "table, writes": written * each["write units"],
        "table, reads": used.get("read units", 0) * each["read units"],
        "queues": (requests - spared) * each["requests to queues"] + ordered * each["requests to FIFO queues"],
        "functions, calls": sum(batched.values()) * each["calls of functions"],
        "functions, time": sum(seconds(used, name, data) for name in calls) * gb * data["gb_second"] * MILLION,
        "logs": (logged + own) / 1e9 * data["log_gb"] * MILLION,
        "kept, a month": kept / 1e9 * data["table_gb_month"] * MILLION,
        "bucket": used.get("s3 PutObject", 0) * each["writes to the bucket"]
        + used.get("s3 GetObject", 0) * each["reads from the bucket"],
        "key": used.get("kms Decrypt", 0) * each["uses of the key"],
    }


def functions(used: Used, what: str) -> Iterator[tuple[str, float]]:
    """Each function that the work calls, and that figure of it."""
    for name, value in used.items():
        function, _, figure = name.partition(": ")
        if figure == what:
            yield function, value


def seconds(used: Used, function: str, data: Json) -> float:
    """For how long the work occupies a process of the function: its CPU at Lambda's share of a core, and waiting."""
    assumed = data["assumed"]
    computing = used.get(f"{function}: CPU ms", 0) * assumed["mb_of_a_core"] / assumed["memory_mb"]
    waiting = used.get(f"{function}: calls to AWS", 0) * assumed["ms_a_call"]
    network = assumed["waits_ms"].get(function, 0) * used.get(f"{function}: calls", 0)
    return float(computing + waiting + network) / 1000


def fixed(data: Json, queues: int, alarms: int, counters: int) -> Mapping[str, float]:
    """USD a month that are paid when nothing happens."""
    polls = data["assumed"]["idle_polls_a_minute"] * SECONDS_A_MONTH / 60 * queues
    return {
        "key": data["key_month"],
        "secrets": data["assumed"]["secrets"] * data["secret_month"],
        "alarms": alarms * data["alarm_month"],
        "counters": counters * data["metric_month"],
        "dashboard": data["dashboard_month"],
        "polling empty queues": polls / MILLION * data["million"]["requests to queues"],
    }


def limits(measured: Mapping[str, Used], data: Json, shares: Mapping[str, int]) -> list[Limit]:
    """Where each part ends, the nearest first."""
    every = [_limit(entry, measured[entry["work"]], data, shares) for entry in data["limits"]]
    return sorted(every, key=lambda limit: limit.reached)


def _limit(entry: Json, used: Used, data: Json, shares: Mapping[str, int]) -> Limit:
    if "reserved" in entry:
        function = entry["reserved"]
        most, needed = float(shares[function]), seconds(used, function, data)
    else:
        named = entry.get("needs", "").replace(" calls", ": calls")
        most, needed = float(entry["most"]), used[named] if named else float(entry["units"])
    return Limit(entry["part"], entry["of"], entry["work"], most / needed, entry["then"])
