"""Decisions: what was decided about a message, by which rules or by whom, citing the clause and the words as written.

Rules make one decision for each text of a message. Only its state changes later, and the states of its acts.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, takewhile
from typing import Any

from chalicelib import clock, errors, ids
from chalicelib.access.actors import Actor
from chalicelib.editorial.lines import Clause, Escalation
from chalicelib.inbox import conversations
from chalicelib.rules import looking, presentation
from chalicelib.rules.judging import Facts, Outcome, Planned, is_cry
from chalicelib.rules.policies import Policy
from chalicelib.rules.rules import Act
from chalicelib.store import keys, listings, table, together
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Decision
from chalicelib.store.models.replies import CannedReply
from chalicelib.words.competitors import Feature
from chalicelib.words.findings import Finding

Json = Mapping[str, Any]
RULES = "rules"  # who decided, where no person did
BRAKED = "braked"  # the code of why a message is not hidden: its rule hid too many
_MOST_EXAMINED, _AT_ONCE = 5_000, 100
MOST_MATCHES, MOST_ACTS = 20, 30  # that are kept: the first ones
MOST_FINDINGS, MOST_OPINIONS, MOST_FEATURES, MOST_SPANS, LONGEST_QUOTE = 3, 2, 10, 3, 80
MOST_SAID = 2  # answers proposed by the line if several categories are escalated at once
CRY_MINUTES = 15  # in which somebody has to answer a cry for help, unless the line says another time
_STRIKES = {1: 1, 2: 1, 3: 3, 4: 10}  # by the severity of the clause


def of_rules(known: Message, conversation: Conversation, policy: Policy, facts: Facts, outcome: Outcome,
             now: int, silent: str = "") -> Decision:  # fmt: skip
    """The decision of the rules about a message as it is now. Made again, it has the same id.

    `silent` is the code that says why a model, if rules ask one, gave no answer.
    """
    plan = outcome.acts[:MOST_ACTS]
    replies = _replies(conversation, policy, facts, [planned.act for planned in plan])
    minutes = _minutes(policy, facts)
    acts = [_act(planned, silent, replies, minutes) for planned in plan]
    matches = [
        {"rule": match.rule.id, "version": match.rule.version, "live": match.rule.live, "clause": match.rule.clause}
        for match in outcome.matches[:MOST_MATCHES]
    ]
    return Decision(
        conversation.pk, "", id=(id := id_of(known, conversation)), brand=known.brand,
        conversation=conversation.id, message=known.id, contact=(known.author or {}).get("contact", ""),
        text=ids.digest(known.text), line=policy.line.version, findings=list(_findings(facts.findings)),
        features=_features(facts.features) if facts.about["promotion"] else None,
        matches=matches, acts=acts,
        state="planned" if acts else "noted", by=RULES, strike=weight(outcome.acts), at=now, updated_at=now,
        replies=replies or None, **listed(conversation, id, now),
    )  # fmt: skip


def id_of(known: Message, conversation: Conversation) -> str:
    """The id of the rules' decision about a message with its present text."""
    return ids.repeated(conversation.id, "dec", known.id, ids.digest(known.text))


def about(known: Message, conversation: Conversation) -> Decision | None:
    """The earlier decision of the rules about the message's present text, if any."""
    return table.get(Decision, conversation.pk, key(id_of(known, conversation)))


def listed(conversation: Conversation, id: str, now: int) -> dict[str, str]:
    """The attributes that put a decision on its brand's list."""
    agency = keys.agency_of(conversation.pk)
    return {"inbox": keys.inbox(agency, conversation.brand, "decision"), "activity": keys.activity(now, id)}


def weight(acts: Sequence[Planned]) -> int:
    """The weight of the decision's strike: the highest value of a `strike` act, 0 if there is none."""
    return max((int(planned.act.value) for planned in acts if planned.act.do == "strike"), default=0)


def weight_of_clause(severity: int) -> int:
    return _STRIKES.get(severity, 1)


def _replies(conversation: Conversation, policy: Policy, facts: Facts, acts: Sequence[Act]) -> list[Json]:
    """The proposed answers: what the line says if something is escalated, and canned replies that rules propose."""
    is_escalated = any(act.do == "escalate" for act in acts)
    said = [escalation.say for escalation in _escalations(policy, facts) if escalation.say] if is_escalated else []
    place = keys.within(keys.agency_of(conversation.pk), conversation.brand)
    canned = table.many(CannedReply, [(place, keys.CANNED + act.value) for act in acts if act.do == "propose"])
    return [
        *({"canned_reply": None, "text": text} for text in said[:MOST_SAID]),
        *({"canned_reply": reply.id, "text": reply.text} for reply in canned),
    ]


def _minutes(policy: Policy, facts: Facts) -> int | None:
    """Within how many minutes an escalation has to be decided; None if the line sets none and it is no cry for help."""
    said = [escalation.within_minutes for escalation in _escalations(policy, facts) if escalation.within_minutes]
    return min(said) if said else CRY_MINUTES if is_cry(facts) else None


def _escalations(policy: Policy, facts: Facts) -> list[Escalation]:
    categories = {finding.category for finding in facts.findings}
    return [escalation for escalation in policy.line.escalation if escalation.category in categories]


def escalated_until(decision: Decision, now: int) -> int | None:
    """Until when (ms) somebody has to decide an escalation that happens now; None if it has no clock."""
    minutes = next((act["value"] for act in decision.acts if act["do"] == "escalate"), None)
    return now + minutes * clock.MINUTE if minutes else None


def _act(planned: Planned, silent: str, replies: Sequence[Json], minutes: int | None) -> Json:
    rule = planned.match.rule if planned.match else None
    return {
        "do": planned.act.do,
        "value": minutes if planned.act.do == "escalate" else planned.act.value,
        "clause": rule.clause if rule else None,
        "rule": rule.id if rule else None,
        "version": rule.version if rule else None,
        "state": "planned",
        "code": _known_before(planned, silent, replies),
    }


def _known_before(planned: Planned, silent: str, replies: Sequence[Json]) -> str | None:
    """The code of why an act cannot be done, if that is known already when the decision is made."""
    if planned.waits:
        return BRAKED
    if planned.act.do == "propose":
        return None if any(reply["canned_reply"] == planned.act.value for reply in replies) else "gone"
    return silent or None if planned.act.do == "ask_model" else None


def _findings(every: Sequence[Finding]) -> Iterator[Json]:
    """The worst findings of the detector, and those of a model."""
    findings = [finding for finding in every if not finding.by_model][:MOST_FINDINGS]
    for finding in (*findings, *[finding for finding in every if finding.by_model][:MOST_OPINIONS]):
        shown = presentation.finding(finding)
        yield {**shown, "spans": _cut_spans(shown["spans"])}


def of_clause(policy: Policy, clause: Clause, text: str) -> list[Json]:
    """What the detector finds in the text that breaks the clause."""
    findings = looking.look(policy, text, "").findings if clause.covers else ()
    return list(_findings([finding for finding in findings if finding.category in clause.covers]))


def _features(features: Sequence[Feature]) -> list[Json] | None:
    shown = map(presentation.feature, features[:MOST_FEATURES])
    return [{**feature, "spans": _cut_spans(feature["spans"])} for feature in shown] or None


def _cut_spans(spans: Sequence[Json]) -> list[Json]:
    return [{**span, "text": span["text"][:LONGEST_QUOTE]} for span in spans[:MOST_SPANS]]


def keep(decision: Decision) -> Decision:
    """Stores the decision unless it exists; returns the stored one."""
    decision.sk = key(decision.id)
    if table.put(decision, Decision.pk.does_not_exist()):
        return decision
    return table.get(Decision, decision.pk, decision.sk) or decision


def key(id: str) -> str:
    return keys.DECISIONS + id


def write_for_acts(decision: Decision, acts: Sequence[Json], state: str, now: int) -> table.Write:
    """For transact: sets the states of the acts and of the decision. Raises Conflict if somebody else changed the
    decision.
    """
    actions, unchanged = _actions_for_acts(decision, acts, state, now)
    return table.changing(Decision(decision.pk, decision.sk), actions, unchanged, otherwise=errors.Conflict)


def _actions_for_acts(decision: Decision, acts: Sequence[Json], state: str, now: int) -> tuple[list[table.Action], Any]:
    actions: list[table.Action] = [
        Decision.acts.set(list(acts)), Decision.state.set(state), Decision.version.add(1), Decision.updated_at.set(now)
    ]  # fmt: skip
    return actions, Decision.version == decision.version


def with_acts(decision: Decision, acts: Sequence[Json], state: str, now: int) -> Decision:
    """The decision as it is after `write_for_acts`."""
    after = {"acts": [dict(act) for act in acts], "state": state, "updated_at": now, "version": decision.version + 1}
    return Decision(**{**decision.attribute_values, **after})


def save_acts(decision: Decision, acts: Sequence[Json], state: str, now: int, *more: table.Write) -> bool:
    """Like `write_for_acts`, but writes at once, together with `more`. False if somebody else changed the decision.

    Without `more` it is a plain write, which costs half.
    """
    if not more:
        return table.update(Decision(decision.pk, decision.sk), *_actions_for_acts(decision, acts, state, now))
    try:
        table.transact(write_for_acts(decision, acts, state, now), *more)
    except errors.Conflict:
        return False
    return True


def get(actor: Actor, id: str) -> Decision:
    """Raises NotFound or Forbidden as `conversations.get` does for the conversation of the message."""
    if not ids.is_id(id, "dec"):
        raise errors.NotFound
    return conversations.with_part(actor, Decision, id, key(id))[0]


def of_message(conversation: Conversation, message: str) -> list[Decision]:
    """All decisions about a message, the latest first."""
    about = Decision.message == message
    decisions = table.query(Decision, conversation.pk, keys.DECISIONS, where=about, consistent=True)
    return sorted(decisions, key=lambda decision: decision.at, reverse=True)


def listing(
    agency: str,
    brand: str,
    before: str = "",
    rule: str = "",
    state: str = "",
    since: int = 0,
    at_once: int | None = None,
) -> Iterator[Decision]:  # fmt: skip
    """The decisions about a brand's messages since that time (ms), the latest first, among the latest 5000; with
    `before`, those before that place. `at_once` is how many are read at a time.

    With a rule, those in which it matched; with a state, those in that state.
    """
    partition = keys.inbox(agency, brand, "decision")
    every = listings.every(Decision, partition, before=before, newest=True, page_size=at_once)
    recent = takewhile(lambda decision: decision.at >= since, islice(every, _MOST_EXAMINED))
    return (decision for decision in recent if _is_by_rule(decision, rule) and state in ("", decision.state))


def of_brands(agency: str, brands: Sequence[str], **asked: Any) -> Iterator[Decision]:
    """Like `listing`, for several brands; with a rule, only its brand is read."""
    rule = asked.get("rule")
    lists = [
        listing(agency, brand, **asked, at_once=_AT_ONCE) for brand in brands if not rule or brand == ids.brand_of(rule)
    ]
    first = together.each([partial(next, iterator, None) for iterator in lists])
    begun = [chain([decision], iterator) for decision, iterator in zip(first, lists, strict=True) if decision]
    return heapq.merge(*begun, key=lambda decision: decision.activity or "", reverse=True)


def portion(agency: str, brand: str, before: str, size: int) -> tuple[list[Decision], str]:
    """The next decisions about messages of a brand before that place, the latest first, and the place to go on from."""
    decisions, _, edge = listings.portion(Decision, keys.inbox(agency, brand, "decision"), size, before, newest=True)
    return decisions, edge


def _is_by_rule(decision: Decision, rule: str) -> bool:
    return not rule or any(match["rule"] == rule for match in decision.matches)


def view(decision: Decision) -> Json:
    return {
        "id": decision.id,
        "brand": decision.brand,
        "conversation": decision.conversation,
        "message": decision.message,
        "state": decision.state,
        "by": decision.by,
        "line": decision.line or None,
        "reason": decision.reason,
        "findings": decision.findings,
        "promotion": decision.features or [],
        "rules": decision.matches,
        "acts": [{name: act[name] for name in ("do", "clause", "rule", "state", "code")} for act in decision.acts],
        "strike": decision.strike,
        "replies": decision.replies or [],
        "undone_by": decision.undone_by,
        "appeal": decision.appeal,
        "version": decision.version,
        "at": clock.text(decision.at),
    }
