"""Judges a message by the brand's rules, and carries out the decision. May run twice, in parallel, or die half-way.

First the decision is stored, with everything that is to be done. Each act is done and then marked in the decision; a
marked act is not done again, and doing an act again would change nothing. At last the message is marked as judged.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib import log
from chalicelib.access.actors import SEVERE
from chalicelib.classifiers import opinions
from chalicelib.inbox import files, messages, revisions
from chalicelib.moderation import acts, cases, decisions, facts
from chalicelib.rules import judging as rules
from chalicelib.rules import looking, policies, samples
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.moderation import Decision
from chalicelib.store.table import Action

_MOST_RACES = 5


def perform(task: Mapping[str, Any], attempt: int, now: int) -> str:
    """Returns the outcome in a word. Raises acts.TryAgain while the network has to be asked again."""
    for _ in range(_MOST_RACES):
        message = table.get(Message, task["pk"], task["sk"])
        if message is None or messages.MODERATE not in messages.todo(message):
            return "judged_before"
        outcome, text = judge(message, attempt, now), message.text
        message = table.get(Message, task["pk"], task["sk"]) or message
        if message.text != text:
            continue  # it was edited meanwhile
        left = set(messages.todo(message)) - {messages.MODERATE}
        if revisions.apply(message, [files.still_to_do(message, left), *_severity(message, now)]):
            return outcome
    raise acts.TryAgain(1)


def _severity(message: Message, now: int) -> list[Action]:
    """Stores the severity of grave words, so that lists can mask them for those who want that."""
    policy = policies.of(keys.agency_of(message.pk), message.brand, now)
    findings = looking.look(policy, message.text, "").findings if _is_judged(message) else ()
    severity = max((finding.severity for finding in findings), default=0)
    if severity == (message.severity or 0) or max(severity, message.severity or 0) < SEVERE:
        return []
    return [Message.severity.set(severity) if severity >= SEVERE else Message.severity.remove()]


def _is_judged(message: Message) -> bool:
    return message.direction == "in" and not message.deleted_at


def judge(message: Message, attempt: int, now: int) -> str:
    """Judges the message as it is now, and carries out the decision. Returns the outcome in a word; raises
    acts.TryAgain.
    """
    knowledge = facts.load(message) if _is_judged(message) else None
    if knowledge is None:
        return "gone"
    policy, conversation = policies.of(keys.agency_of(message.pk), message.brand, now), knowledge.conversation
    known = facts.of(policy, knowledge, now, counts=True)
    outcome, made = rules.judge(policy.rules, known, now), None
    if rules.asks_model(outcome) and not known.past:
        # A repeat does not ask the model again: its answer is in the decision.
        made = decisions.about(message, conversation) or _with_opinions(message, conversation, policy, known, now)
    is_clean = not outcome.matches and not outcome.acts
    if is_clean and (known.past or known.settled or known.own or not samples.may_draw(policy.rules, message.id, now)):
        return "clean"
    made = made or decisions.of_rules(message, conversation, policy, known, outcome, now)
    decision = decisions.keep(made)
    if is_clean:
        cases.open_for(decision, [cases.SAMPLE], None, now)
        return "sample"
    if decision.state == "planned":
        at_work = {rule.id: rule for rule in policy.rules if rule.live}
        acts.carry_out(decision, conversation, at_work, attempt, now)
    log.line("judged", brand=message.brand, decision=decision.id, acts=len(decision.acts))
    return decision.state


def _with_opinions(message: Message, conversation: Conversation, policy: Policy, known: Facts, now: int) -> Decision:
    """The rules' decision after a model was asked; if the model gives no answer, by the detector's findings alone."""
    answer = opinions.of(keys.agency_of(message.pk), message.brand, message.text, now)
    known = replace(known, findings=(*known.findings, *answer.findings))
    outcome = rules.judge(policy.rules, known, now)
    return decisions.of_rules(message, conversation, policy, known, outcome, now, answer.code)
