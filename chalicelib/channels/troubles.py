"""What is wrong with a channel, by name. A trouble lasts until the network says it is over; the worst one is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.networks.base import Loss

# By its name: `health`, `text`, and since when (`at`, ms). One that ended is kept for a while with the health `ok`, so
# that older news of it, which comes late, does not begin it again.
Troubles = Mapping[str, Mapping[str, Any]]
Incident = Mapping[str, Any]  # `health`, `text`, when it `began` (ms) and, once it has, when it `ended`
MOST_INCIDENTS = 20
TOKEN, CONSENT, SCOPE, RENEWAL = "token", "consent", "scope", "renewal"
WORST_FIRST = ("disconnected", "expired", "paused", "alert", "ok")
MOST, LONGEST_TEXT, LONGEST_NAME = 100, 300, 100


def after(
    troubles: Troubles, health: str, name: str, detail: str, at: int, more: Mapping[str, int] | None = None
) -> Troubles:
    """The troubles after that news; older news than what is known of the trouble change nothing.

    `name` is `trouble` or `trouble.more`; `more` is stored with it.
    """
    trouble = name.partition(".")[0][:LONGEST_NAME]
    if trouble in troubles and troubles[trouble]["at"] > at:
        return troubles
    text = f"{name}: {detail}" if detail else name
    news = {**(more or {}), "health": health, "text": text[:LONGEST_TEXT], "at": at}
    return dict(sorted({**troubles, trouble: news}.items(), key=_weight)[:MOST])


def worst(troubles: Troubles) -> tuple[str, str]:
    """The health of the channel, and the text of its alert."""
    heaviest = _heaviest(troubles)[1]
    return heaviest["health"], "" if heaviest["health"] == "ok" else heaviest["text"]


def is_of_consent(troubles: Troubles) -> bool:
    """True if the worst trouble is that somebody has to consent again, now or soon."""
    name, heaviest = _heaviest(troubles)
    return heaviest["health"] == "expired" or (name == CONSENT and heaviest["health"] != "ok")


def ending(troubles: Troubles) -> Mapping[str, int]:
    """In how many days (`days_left`) and when (`ends_at`, ms) a consent ends, if a warning is due; else {}."""
    news = troubles.get(CONSENT, {})
    return {name: int(news[name]) for name in ("days_left", "ends_at")} if news.get("days_left") else {}


def loss(troubles: Troubles) -> Loss | None:
    """Why the channel has no token that works; None if it has one."""
    dead = [news for news in troubles.values() if news["health"] == "expired"]
    if not dead:
        return None
    names = {news["text"].partition(":")[0].partition(".")[2] for news in dead}
    if names & {"revoked", "withdrawn"}:
        return "revoked"
    return "scope_lost" if "scope_lost" in names else "expired"


def incidents(before: Sequence[Incident], health: str, text: str, at: int) -> list[Incident]:
    """The incidents after the channel has had that health since `at` (ms): one begins, goes on or ends."""
    lasting = before[-1] if before and not before[-1].get("ended") else None
    is_down = health not in ("ok", "alert")
    if lasting and not is_down:
        return [*before[:-1], {**lasting, "ended": max(at, lasting["began"])}]
    if is_down and not lasting:
        return [*before, {"health": health, "text": text, "began": at}][-MOST_INCIDENTS:]
    return list(before)


def lasts(troubles: Troubles, name: str) -> bool:
    return name in troubles and bool(troubles[name]["health"] != "ok")


def listed_in(troubles: Troubles, name: str) -> Sequence[str]:
    """What is listed in the text of that trouble, if it lasts: `name.more: this, that`. The last
    entry may be cut off.
    """
    text = str(troubles[name]["text"]) if lasts(troubles, name) else ""
    return text.partition(": ")[2].split(", ") if ": " in text else ()


def since(troubles: Troubles, *names: str) -> int:
    """Since when (ms) one of these troubles lasts, 0 if none does."""
    return min((int(troubles[name]["at"]) for name in names if lasts(troubles, name)), default=0)


def view(troubles: Troubles) -> list[Mapping[str, Any]]:
    """The troubles that last, as the API shows them; the worst first."""
    lasting = [news for _, news in sorted(troubles.items(), key=_weight) if news["health"] != "ok"]
    return [{"health": news["health"], "text": news["text"], "since": clock.text(news["at"])} for news in lasting]


def _heaviest(troubles: Troubles) -> tuple[str, Mapping[str, Any]]:
    return min(troubles.items(), key=_weight, default=("", {"health": "ok"}))


def _weight(trouble: tuple[str, Mapping[str, Any]]) -> tuple[int, int]:
    return WORST_FIRST.index(trouble[1]["health"]), -trouble[1]["at"]
