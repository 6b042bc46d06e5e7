"""A week of conversations for the first agency, so that there is something to look at: posted as networks do, with the
times at which they were said.
"""

import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.day import CONNECTIONS, Day, Missing
from local.double import doubles
from local.screen import Screen

TALKS = Path(__file__).with_suffix(".toml")
DAY, MINUTE = 86_400_000, 60_000  # ms
_PATIENCE_SECONDS, _SHOWN = 60.0, 40
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A message that was sent at `at` (ms); `ours` if the brand sent it."""

    at: int
    text: str
    ours: bool


@dataclass
class Speaker:
    """A person of the week, as the networks' doubles describe people."""

    id: str
    name: str
    account: str
    top: str = ""
    times: dict[str, int] = field(default_factory=dict)


def lines(talk: Json, today: int) -> list[Line]:
    """The messages of the talk, in order. `today` is the midnight (ms) from which days are counted."""
    said = []
    for text in talk["said"]:
        hour, words = text.lstrip(">").split(" ", 1)
        hours, minutes = map(int, hour.split(":"))
        at = today - talk["days"] * DAY + (hours * 60 + minutes) * MINUTE
        said.append(Line(at, words, text.startswith(">")))
    return said


def moved(said: Sequence[Line], now: int) -> list[Line]:
    """The same lines, a day earlier if one of them would be in the future."""
    late = any(line.at > now for line in said)
    return [Line(line.at - DAY * late, line.text, line.ours) for line in said]


def webhooks(talk: Json, speaker: Speaker, now: int) -> Iterator[Json]:
    """The talk, as webhooks that the double of its network posts."""
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
    """Plays the week in the first agency; gives the number of conversations. SystemExit if one is missing."""
    talks = tomllib.loads(TALKS.read_text())["talk"]
    now = time.time_ns() // 1_000_000
    accounts = {channel["network"]: channel["account"] for channel in description["channels"]}
    day = Day(description, Screen())

    people = [Speaker(day.someone(), talk["name"], accounts[talk["network"]]) for talk in talks]

    def play(talk: Json, speaker: Speaker) -> None:
        for webhook in webhooks(talk, speaker, now):
            day.posts(webhook["network"], webhook["event"], **webhook["fields"])

    try:
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            list(threads.map(play, talks, people))
            made = day.until("The week", lambda: _conversations(day, talks), _PATIENCE_SECONDS, every=0.3)
            list(threads.map(lambda talk: _settle(day, made[last(talk)], talk), talks))
    except Missing as missing:
        raise SystemExit(str(missing)) from missing
    return len(talks)


def last(talk: Json) -> str:
    """The beginning of the last message, as the inbox shows it."""
    return str(talk["said"][-1].split(" ", 1)[1][:_SHOWN])


def _conversations(day: Day, talks: Sequence[Json]) -> Mapping[str, str]:
    """The conversations' ids by the beginning of their last message; empty unless all have arrived."""
    wanted = {last(talk) for talk in talks}
    ids = {row["last_message"].get("text", "")[:_SHOWN]: row["id"] for row in day.inbox() if row["last_message"]}
    return {text: ids[text] for text in wanted} if wanted <= ids.keys() else {}


def _settle(day: Day, id: str, talk: Json) -> None:
    """Does what the people of the brand did with the conversation."""
    change = {name: talk[name] for name in ("labels", "priority") if name in talk}
    if talk.get("resolved"):
        change["status"] = "resolved"
    if change:
        day.change("owner", f"/conversations/{id}", change)
    if "note" in talk:
        day.post("owner", f"/conversations/{id}/notes", {"text": talk["note"]})
