"""A week of conversations for the first agency, so that there is something to look at: as networks post them, with the
times at which they were said.
"""

import itertools
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3

from local.double import doubles

TALKS = Path(__file__).with_suffix(".toml")
DAY, MINUTE = 86_400_000, 60_000  # ms
_PATIENCE_SECONDS = 60.0
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """What was said at `at` (ms); `ours` if the brand said it."""

    at: int
    text: str
    ours: bool


@dataclass
class Speaker:
    """Somebody of the week, as the voices of the networks' doubles know people."""

    id: str
    name: str
    account: str
    top: str = ""
    times: dict[str, int] = field(default_factory=dict)


def lines(talk: Json, today: int) -> list[Line]:
    """What was said in the talk, in order. `today` is the midnight (ms) that the days are counted from."""
    said = []
    for text in talk["said"]:
        hour, words = text.lstrip(">").split(" ", 1)
        hours, minutes = map(int, hour.split(":"))
        at = today - talk["days"] * DAY + (hours * 60 + minutes) * MINUTE
        said.append(Line(at, words, text.startswith(">")))
    return said


def moved(said: Sequence[Line], now: int) -> list[Line]:
    """The same, a day earlier if any of it would be yet to come."""
    late = any(line.at > now for line in said)
    return [Line(line.at - DAY * late, line.text, line.ours) for line in said]


def webhooks(talk: Json, speaker: Speaker, now: int) -> Iterator[Json]:
    """The talk as the double of its network posts it."""
    voice = doubles()[talk["network"]].VOICE
    for number, line in enumerate(moved(lines(talk, now // DAY * DAY), now)):
        id = voice.name(speaker, f"{speaker.id}{number}")
        speaker.top = speaker.top or id
        speaker.times[id] = line.at
        build = voice.echo if line.ours else voice.says
        if build:
            event, fields = build(speaker, id, line.text, line.at)
            yield {"network": talk["network"], "event": event, "fields": fields}


def fill(description: Json) -> int:
    """Lets the week happen in the first agency; gives how many conversations it has. SystemExit if one is missing."""
    talks = tomllib.loads(TALKS.read_text())["talk"]
    now = time.time_ns() // 1_000_000
    accounts = {channel["network"]: channel["account"] for channel in description["channels"]}
    pool = urllib3.PoolManager(maxsize=4, block=True, timeout=30)
    ids = itertools.count(now)  # digits, which every network takes

    def play(talk: Json) -> None:
        for webhook in webhooks(talk, Speaker(str(next(ids)), talk["name"], accounts[talk["network"]]), now):
            answer = pool.request("POST", f"{description['double']}/webhooks", json=webhook).json()
            if answer["status"] != 200:
                raise SystemExit(f"A webhook of {talk['network']} was answered with {answer['status']}.")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(play, talks))
        made = _conversations(pool, description, talks)
        list(threads.map(lambda talk: _settle(pool, description, made[talk["said"][-1].split(" ", 1)[1]], talk), talks))
    return len(talks)


def _conversations(pool: urllib3.PoolManager, description: Json, talks: Sequence[Json]) -> Mapping[str, str]:
    """The conversations' ids by what was said last in them, once all are there."""
    wanted = {talk["said"][-1].split(" ", 1)[1] for talk in talks}
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        rows = _asked(pool, description, "GET", "/conversations?limit=100")["items"]
        found = {row["last_message"].get("text", ""): row["id"] for row in rows if row["last_message"]}
        known = {text: id for text in wanted for preview, id in found.items() if preview[:40] == text[:40]}
        if len(known) == len(wanted):
            return known
        time.sleep(0.3)  # there is nothing to be woken by
    raise SystemExit(f"Of {len(wanted)} conversations of the week {len(known)} are there.")


def _settle(pool: urllib3.PoolManager, description: Json, id: str, talk: Json) -> None:
    """What the people of the brand did about it."""
    change = {name: talk[name] for name in ("labels", "priority") if name in talk}
    if talk.get("resolved"):
        change["status"] = "resolved"
    if change:
        _asked(pool, description, "PATCH", f"/conversations/{id}", change)
    if "note" in talk:
        _asked(pool, description, "POST", f"/conversations/{id}/notes", {"text": talk["note"]})


def _asked(pool: urllib3.PoolManager, description: Json, verb: str, path: str, body: Json | None = None) -> Any:
    headers = {"Authorization": f"Bearer {description['tokens']['owner']}"}
    answer = pool.request(verb, description["api"] + path, json=body, headers=headers)
    if answer.status >= 300:
        raise SystemExit(f"{verb} {path} was answered with {answer.status}: {answer.data.decode()}")
    return answer.json()
