"""The rules of a brand, stored in one book in the order in which they are asked. They are checked before they are
stored.

A change of a rule's condition or acts makes a new version of it in shadow; a version that was live stays live until the
new one is set live.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chalicelib import clock, errors, ids, moments, room, trees
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.classifiers import choices
from chalicelib.editorial import revisions
from chalicelib.rules import abilities, starters
from chalicelib.rules.rules import MOST_RULES, UNSAID, Act, Rule, act_of
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Rulebook, StoredTermList

Json = Mapping[str, Any]
Stored = dict[str, Any]
Change = Callable[[list[Stored]], list[Stored]]
MEANING = {"clause", "when", "then", "stop"}  # fields whose changes put a rule into shadow
TESTED_FOR = 7 * clock.DAY
_NOT_TESTED = (
    f"Test this version of the rule or give a reason in `despite`. A test counts for {TESTED_FOR // clock.DAY} days."
)
_EVERYDAY = "The rule looks for everyday words: see `term_lists`. Change them, or give a reason in `despite`."
MOST_BYTES = 200_000  # of all rules of a brand
_MOST_RACES = 5


def load(agency: str, brand: str) -> Rulebook:
    """The book; if none is stored, one with the starter rules, as version 0."""
    pk = keys.within(agency, brand)
    return table.get(Rulebook, pk, keys.RULES) or Rulebook(pk, keys.RULES, rules=starters.rules(brand), version=0)


def find(agency: str, brand: str, id: str) -> Stored:
    """Raises NotFound."""
    return _named(load(agency, brand).rules, id)


def get(actor: Actor, id: str) -> Stored:
    """Raises NotFound unless the rule is of one of the actor's brands."""
    if not ids.is_id(id, "rul"):
        raise errors.NotFound
    return find(actor.agency, brands.get(actor, ids.brand_of(id)).id, id)


def brand_of(stored: Stored) -> str:
    return ids.brand_of(stored["id"])


def as_rules(stored: Sequence[Stored], severities: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules as messages are judged by them, in order. One whose clause is not in the line any more is left out."""
    every = (rule for entry in stored for rule in _versions(entry))
    return tuple(replace(rule, severity=severities[rule.clause]) for rule in every if rule.clause in severities)


def _versions(stored: Stored) -> list[Rule]:
    versions = [_rule(stored["id"], stored["lived"], True, stored["live"])] if stored["live"] else []
    braked = stored.get("braked") or {}
    if braked.get("said"):
        versions.append(replace(_rule(stored["id"], braked["version"], False, braked["said"]), braked=True))
    if stored["state"] in ("live", "shadow"):
        newest = _rule(stored["id"], stored["version"], stored["state"] == "live", stored["said"])
        versions.append(replace(newest, braked=braked.get("version") == stored["version"]))
    return versions


def _rule(id: str, version: int, live: bool, said: Json) -> Rule:
    whole = {**UNSAID, **said}
    return Rule(
        id, version, live, whole["clause"], 0, whole["when"], tuple(map(act_of, whole["then"])), whole["stop"],
        whole["per_minute"], whole["sample_percent"], whole["ends_at"],
    )  # fmt: skip


def create(actor: Actor, brand: str, name: str, said: Json, clauses: Collection[str], now: int) -> Stored:
    """Adds a rule as a draft, at the end. Raises Invalid for an unknown clause, Conflict if there are too many."""
    said = _checked(said, clauses, now)
    new: Stored = {
        "id": ids.of_brand(brand, "rul"), "name": name, "state": "draft", "version": 1, "said": said, "live": None,
        "lived": None, "changed_at": now,
    }  # fmt: skip

    def add(rules: list[Stored]) -> list[Stored]:
        if len(rules) >= MOST_RULES:
            raise errors.Conflict(f"A brand has at most {MOST_RULES} rules.", code="too_many")
        return [*rules, new]

    _write(actor, brand, add, "rule.create", new["id"], now, {"clause": said["clause"]})
    return new


def change(actor: Actor, id: str, version: int, changes: Json, clauses: Collection[str], now: int) -> Stored:
    """Changes what a rule says, or its name. Raises as `create` does, and PreconditionFailed for another version."""

    def apply(stored: Stored) -> Stored:
        if stored["version"] != version:
            raise errors.PreconditionFailed
        said = {**stored["said"], **{name: value for name, value in changes.items() if name != "name"}}
        changed = {**stored, "name": changes.get("name", stored["name"]), "version": version + 1,
                   "said": _checked(said, clauses, now), "changed_at": now}  # fmt: skip
        changed.pop("tested", None)
        if MEANING & set(changes) and stored["state"] in ("live", "retired"):
            before = (stored["said"], version) if stored["state"] == "live" else (None, None)
            changed |= {"state": "shadow", "live": before[0], "lived": before[1]}
        braked = stored.get("braked")
        if braked and braked["version"] == version:  # messages that the braked version matches still wait for a person
            changed["braked"] = {**braked, "said": stored["said"]}
        return changed

    return _change_rule(actor, id, apply, "rule.change", now, {"changed": sorted(changes)})


def move_to(
    actor: Actor, id: str, state: str, despite: str | None, now: int, lists: Sequence[StoredTermList] = ()
) -> Stored:
    """Puts a rule into shadow, live or out of use.

    A rule goes live if its version was tried on past messages in the last seven days, or with a reason in `despite`.
    Without both, raises Conflict: `not_tested`; or `everyday_words` if the rule looks for those of the brand's `lists`
    that contain everyday words.
    """

    def apply(stored: Stored) -> Stored:
        tested = stored.get("tested") or [0, 0]
        if state == "live" and not despite and (tested[0] != stored["version"] or tested[1] <= now - TESTED_FOR):
            raise errors.Conflict(_NOT_TESTED, code="not_tested", field="despite")
        doubtful = abilities.doubtful(stored["said"], lists) if state == "live" and not despite else []
        if doubtful:
            more = {"term_lists": doubtful}
            raise errors.Conflict(_EVERYDAY, code="everyday_words", field="despite", more=more)
        return {**stored, "state": state, "live": None, "lived": None, "braked": None, "changed_at": now}

    after = {"state": state, **({"despite": despite} if despite else {})}
    return _change_rule(actor, id, apply, f"rule.{_ACTIONS[state]}", now, after)


_ACTIONS = {"live": "activate", "shadow": "shadow", "retired": "retire"}


def brake(actor: Actor, id: str, version: int, now: int) -> bool:
    """Puts a live version of a rule into shadow because it acts on too many messages. False if it is not live any more.

    It stays braked until somebody moves the rule to a state. If the rule has a newer version, the braked one is kept in
    `said`.
    """

    def apply(stored: Stored) -> Stored:
        braked = {"version": version, "said": None, "at": now}
        if stored["lived"] == version:
            older = {**braked, "said": stored["live"]}
            return {**stored, "live": None, "lived": None, "braked": older, "changed_at": now}
        if (stored["state"], stored["version"]) != ("live", version):
            raise errors.Conflict
        return {**stored, "state": "shadow", "braked": braked, "changed_at": now}

    try:
        _change_rule(actor, id, apply, "rule.brake", now, {"version": version})
    except (errors.Conflict, errors.NotFound):
        return False
    return True


def note_test(actor: Actor, id: str, version: int, at: int, now: int) -> None:
    """Records that this version of the rule was tried on past messages, at that time (ms). A repeat changes nothing.

    It also changes nothing for a version that is not the newest any more, or a rule that was removed.
    """
    book = load(actor.agency, ids.brand_of(id)).rules
    stored = next((rule for rule in book if rule["id"] == id), None)
    if stored is None or stored["version"] != version or stored.get("tested") == [version, at]:
        return
    with suppress(errors.Conflict, errors.NotFound):
        _change_rule(actor, id, lambda stored: _tested(stored, version, at), "rule.test", now, {"version": version})


def _tested(stored: Stored, version: int, at: int) -> Stored:
    if stored["version"] != version:
        raise errors.Conflict
    return {**stored, "tested": [version, at]}


def remove(actor: Actor, id: str, version: int, now: int) -> None:
    """Raises Conflict for a rule that is live, PreconditionFailed for another version."""

    def without(rules: list[Stored]) -> list[Stored]:
        stored = _named(rules, id)
        if stored["state"] == "live" or stored["live"]:
            raise errors.Conflict("The rule is live. Retire it first.", code="rule_is_live")
        if stored["version"] != version:
            raise errors.PreconditionFailed
        return [rule for rule in rules if rule["id"] != id]

    _write(actor, ids.brand_of(id), without, "rule.remove", id, now, None)


def reorder(actor: Actor, brand: str, order: Sequence[str], now: int) -> None:
    """Puts the brand's rules in that order. Raises Invalid unless it names each of them once."""

    def sort(rules: list[Stored]) -> list[Stored]:
        if sorted(order) != sorted(rule["id"] for rule in rules):
            raise errors.Invalid("`rules` has to name each rule of the brand once.", code="not_all", field="rules")
        return sorted(rules, key=lambda rule: order.index(rule["id"]))

    _write(actor, brand, sort, "rule.order", brand, now, None)


def _checked(said: Json, clauses: Collection[str], now: int) -> Json:
    if said["clause"] not in clauses:
        raise errors.Invalid("The editorial line has no such clause.", code="unknown_clause", field="clause")
    trees.check(said["when"], "when")
    _check_together([act_of(act) for act in said["then"]])
    _check_reviews(said)
    _check_model(said)
    if isinstance(said.get("ends_at"), str):
        at = moments.in_time(moments.parse(said["ends_at"], "ends_at"), now, "ends_at")
        return {**said, "ends_at": at}
    return said


def _check_together(acts: Sequence[Act]) -> None:
    """Raises Invalid for acts of one rule that exclude each other. Labels do not; of every other kind a message gets
    one.
    """
    kinds = ["keep" if act.is_exclusive else act.do for act in acts if act.do != "label"]
    if len(set(kinds)) < len(kinds):
        raise errors.Invalid(
            "A rule has at most one of keep, queue, hide and delete, and one of each other act but labels.",
            code="not_together",
            field="then",
        )


def _check_reviews(said: Json) -> None:
    """Raises Invalid for a rule that asks for reviews and hides or deletes them: customers' reviews stay."""
    asked = [leaf["is"] for leaf in trees.leaves(said["when"]) if leaf["field"] == "surface"]
    is_about_reviews = any("review" in ([value] if isinstance(value, str) else value) for value in asked)
    if is_about_reviews and any(act["do"] in ("hide", "delete") for act in said["then"]):
        raise errors.Invalid("A rule that asks for reviews cannot hide or delete.", code="reviews_stay", field="then")


def _check_model(said: Json) -> None:
    """Raises Conflict for a rule that asks a model if this stage has none: it would never match."""
    if any(act["do"] == "ask_model" for act in said["then"]) and not choices.is_there():
        raise errors.Conflict("`ask_model` needs a model, and none is set up.", code="no_model", field="then")


def _named(rules: Sequence[Stored], id: str) -> Stored:
    stored = next((rule for rule in rules if rule["id"] == id), None)
    if stored is None:
        raise errors.NotFound
    return stored


def _change_rule(
    actor: Actor, id: str, apply: Callable[[Stored], Stored], action: str, now: int, after: Json | None
) -> Stored:
    changed: list[Stored] = []

    def replaced(rules: list[Stored]) -> list[Stored]:
        changed[:] = [apply(_named(rules, id))]
        return [changed[0] if rule["id"] == id else rule for rule in rules]

    _write(actor, ids.brand_of(id), replaced, action, id, now, after)
    return changed[0]


def _write(actor: Actor, brand: str, change: Change, action: str, target: str, now: int, after: Json | None) -> None:
    """Changes the book, its revision (for caches) and the audit in one transaction; tries again if somebody else
    changed it.
    """
    for _ in range(_MOST_RACES):
        book = load(actor.agency, brand)
        rules = change(list(book.rules))
        if room.size(rules) > MOST_BYTES:
            raise errors.Invalid(
                f"The rules of a brand take at most {MOST_BYTES} bytes together.", code="rules_too_long"
            )
        unchanged = Rulebook.version == book.version if book.version else Rulebook.pk.does_not_exist()
        try:
            table.transact(
                table.putting(Rulebook(book.pk, book.sk, rules=rules, version=book.version + 1), unchanged),
                revisions.raising(actor.agency, brand),
                audit.entry(actor, action, target, now, brand=brand, after=after),
            )
        except table.Refused:
            continue
        return
    raise errors.Unavailable("Others are changing the rules at the same time. Try again.")
