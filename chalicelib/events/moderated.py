"""Derives events from changes of decisions, cases and strikes. It is pure, as `news` is."""

from collections.abc import Iterator

from chalicelib.events import facts
from chalicelib.events.events import Event, derived, source_of
from chalicelib.store.changes import Change
from chalicelib.store.models.moderation import Case, Decision, Standing

# Why something is not done that is told otherwise: a person decides it first.
_LEFT_TO_PEOPLE = ("braked", "waits_for_a_person")


def of_decision(change: Change) -> Iterator[Event]:
    """Only for a decision with acts; what a rule in shadow would have done makes no event."""
    if not change.new:
        return
    new = Decision.from_raw_data(change.new)
    actor = "" if new.by == "rules" else new.by
    if not change.old and new.acts:
        yield derived(change, "decision.made", new.brand, new.id, new.at, version=new.version, source=source_of(actor),
                      actor=actor, facts=facts.of_decision(new))  # fmt: skip
    before = Decision.from_raw_data(change.old).acts if change.old else ()
    for place, (act, was) in enumerate(zip(new.acts, before, strict=False)):
        is_refused_now = act["state"] == "refused" and was["state"] != "refused"
        if is_refused_now and act["code"] not in _LEFT_TO_PEOPLE:
            own = {"acts": [act["do"]], "clause": act["clause"], "rule": act["rule"], "rule_version": act["version"],
                   "code": act["code"]}  # fmt: skip
            yield derived(change, "decision.failed", new.brand, new.id, version=new.version, source=source_of(actor),
                          facts={**facts.of_decision(new), **facts.kept(own)}, part=[str(place)])  # fmt: skip


def of_case(change: Change) -> Iterator[Event]:
    """Only that the case was opened. What people did with it, and that its time ran out, is
    reported by audit entries.
    """
    if not change.new or change.old:
        return
    new = Case.from_raw_data(change.new)
    known = {
        "decision": new.decision, "message": new.message, "category": new.category, "severity": new.severity,
        "acts": [new.proposed] if new.proposed else [], **(new.cites or {}),
    }  # fmt: skip
    yield derived(change, "case.opened", new.brand, new.id, new.at, version=new.version, source=source_of(""),
                  facts=facts.kept(known))  # fmt: skip


def of_standing(change: Change) -> Iterator[Event]:
    """Each strike that was added or removed. A standing that was deleted makes no event."""
    if not change.new:
        return
    new, old = Standing.from_raw_data(change.new), Standing.from_raw_data(change.old) if change.old else Standing()
    had, has = ({strike["decision"]: strike for strike in standing.strikes} for standing in (old, new))
    about, contact = new.about or {}, change.pk.partition("#")[2]
    for type, strikes, others in (("strike.removed", had, has), ("strike.added", has, had)):
        for id in strikes.keys() - others.keys():
            cited = about if about.get("decision") == id else {}
            known = facts.kept({**cited, "decision": id, "weight": strikes[id]["weight"]})
            yield derived(change, type, about.get("brand", ""), contact, version=new.version, source="rule",
                          facts=known, part=[id])  # fmt: skip
