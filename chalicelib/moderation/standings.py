"""What somebody did before, as strikes. A strike counts half after thirty days, and nothing after half a year."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.events import facts
from chalicelib.rules.fields import MOST_LATELY
from chalicelib.store import keys, table
from chalicelib.store.models.contacts import Contact
from chalicelib.store.models.moderation import Decision, SameWords, Standing

HALF_LIFE, GONE_AFTER = 30 * clock.DAY, 180 * clock.DAY
MOST_STRIKES = 50
LATELY = "wrote"
_MOMENT = 6  # digits of a ms within an hour
_MOST_RACES = 5


def load(agency: str, contact: str) -> Standing:
    pk = keys.within(agency, contact)
    return table.get(Standing, pk, keys.STANDING) or Standing(pk, keys.STANDING)


def lately(agency: str, contact: str, message: str, at: int) -> list[int]:
    """When (ms) the contact wrote in the hour up to `at`, including this message: each message counts once, however
    often it is judged.

    Only messages that rules judged are counted, at most `MOST_LATELY` in an hour. Each takes a few bytes of one item,
    as the whole item is written again with each message.
    """
    pk, slot = keys.within(agency, contact), at // clock.HOUR
    slots = (slot - 1, slot)
    items = table.each(*((SameWords, pk, keys.same_words(LATELY, each)) for each in slots))
    names = [set(item.names or ()) if isinstance(item, SameWords) else set() for item in items]
    if (name := _moment(at, message)) not in names[-1] and len(names[-1]) < MOST_LATELY:
        expires = SameWords.expires.set((slot + 3) * clock.HOUR // clock.SECOND)
        table.update(SameWords(pk, keys.same_words(LATELY, slot)), [SameWords.names.add({name}), expires])
    names[-1].add(name)
    times = (
        each * clock.HOUR + int(name[:_MOMENT], 16) for each, its in zip(slots, names, strict=True) for name in its
    )
    return sorted(time for time in times if at - clock.HOUR < time <= at)


def _moment(at: int, message: str) -> str:
    """When within its hour a message was written, and three characters that tell it from others of that ms."""
    return f"{at % clock.HOUR:0{_MOMENT}x}{ids.digest(message, length=3)}"


def points(strikes: Sequence[Any], now: int) -> int:
    """The sum of the strikes at that time, each weighed by its age, rounded to a whole number."""
    counted = (strike for strike in strikes if now - strike["at"] < GONE_AFTER)
    return round(math.fsum(strike["weight"] * 0.5 ** (max(0, now - strike["at"]) / HALF_LIFE) for strike in counted))


def strike(agency: str, decision: Decision, now: int) -> None:
    """Counts a decision's strike, once; nothing if the author is unknown."""
    if decision.contact and decision.strike:
        _change(agency, decision.contact, lambda strikes: _added(strikes, decision, now), _about(decision))


def striking(agency: str, decision: Decision, now: int) -> list[table.Write]:
    """For transact: like `strike`. It is refused if somebody else changed the standing meanwhile."""
    standing = load(agency, decision.contact) if decision.contact and decision.strike else None
    if standing is None or (strikes := _added(standing.strikes, decision, now)) == standing.strikes:
        return []
    return [table.putting(*_with_changes(standing, strikes=strikes, about=dict(_about(decision))))]


def _added(strikes: Sequence[Any], decision: Decision, now: int) -> list[Any]:
    if any(strike["decision"] == decision.id for strike in strikes):
        return list(strikes)
    return [*strikes, {"at": now, "weight": decision.strike, "decision": decision.id}][-MOST_STRIKES:]


def take_back(agency: str, decision: Decision) -> None:
    if decision.contact:
        _change(
            agency, decision.contact,
            lambda strikes: [strike for strike in strikes if strike["decision"] != decision.id],
            _about(decision),
        )  # fmt: skip


def _about(decision: Decision) -> Mapping[str, Any]:
    return {"brand": decision.brand, **facts.of_decision(decision)}


def reset(actor: Actor, contact: Contact, reason: str, now: int) -> Standing:
    """Removes all strikes, with a reason for the audit. Without strikes nothing changes."""
    entry = audit.entry(
        actor, "contact.reset_standing", contact.id, now, brand=contact.brand, after={"reason": reason}
    )  # fmt: skip
    _change(actor.agency, contact.id, lambda strikes: [], {"brand": contact.brand}, entry)
    return load(actor.agency, contact.id)


def _change(
    agency: str, contact: str, change: Callable[[list[Any]], list[Any]], about: Mapping[str, Any], *writes: table.Write
) -> None:
    """Raises Unavailable if others keep changing the standing: the caller, or the queue, tries again."""
    for _ in range(_MOST_RACES):
        standing = load(agency, contact)
        strikes = change(list(standing.strikes))
        if strikes == standing.strikes:
            return
        if _write(*_with_changes(standing, strikes=strikes, about=dict(about)), writes):
            return
    raise errors.Unavailable("Others are changing the contact's standing at the same time. Try again.")


def _write(standing: Standing, unchanged: table.Condition, writes: Sequence[table.Write]) -> bool:
    """False if somebody else changed the standing. Without further writes it is a plain write, which costs half."""
    if not writes:
        return table.put(standing, unchanged)
    try:
        table.transact(table.putting(standing, unchanged, otherwise=errors.Conflict), *writes)
    except errors.Conflict:
        return False
    return True


def writing(standing: Standing, **changes: Any) -> table.Write:
    """For transact: changes the standing. Raises Conflict if somebody changed it since it was read."""
    return table.putting(*_with_changes(standing, **changes), otherwise=errors.Conflict)


def _with_changes(standing: Standing, **changes: Any) -> tuple[Standing, table.Condition]:
    unchanged = Standing.version == standing.version if standing.version else Standing.pk.does_not_exist()
    kept = {"strikes": standing.strikes, "ban": standing.ban, "about": standing.about}
    kept |= {"banned_before": standing.banned_before, **changes}
    return Standing(standing.pk, standing.sk, **kept, version=standing.version + 1), unchanged


def view(standing: Standing, now: int) -> Mapping[str, Any]:
    strikes = [{**strike, "at": clock.text(strike["at"])} for strike in standing.strikes]
    return {"points": points(standing.strikes, now), "strikes": strikes, "ban": standing.ban}
