"""Does work that is due: scheduled replies, replies nobody approved, snoozed conversations, deadlines. It also finishes
what a process may have left half-way, such as connecting an account.

Work may be done twice, late, or after it was cancelled. So each kind checks the present state before it changes
anything.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import clock, errors, log, settings
from chalicelib.access import actors, refusals
from chalicelib.access.actors import Actor
from chalicelib.aws import queues
from chalicelib.aws.queues import Task
from chalicelib.billing import reports
from chalicelib.brands import crises
from chalicelib.channels import connections, lookouts
from chalicelib.consents import apps
from chalicelib.deliveries import notices, wakes
from chalicelib.editorial import changeovers
from chalicelib.evaluation import back_tests, raids, undos
from chalicelib.figures import exports, gauges, hours
from chalicelib.inbox import conversations, outgoing_files
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Work
from chalicelib.moderation import bans, cases, escalations, network_bans
from chalicelib.people import invitations
from chalicelib.replies import approvals, replies
from chalicelib.store import due
from chalicelib.teamwork import escalation, handover, triage
from chalicelib.templates import news
from chalicelib.transport import intake
from chalicelib.upkeep import app_secrets, probes, renewals

# Somebody else changed the same thing just now: the task is tried again in a moment.
_RACE_CODES = ("changed_meanwhile", "channel_unsettled", "stale")
_RACE_STATUSES = (412, 429, 503)


class Raced(Exception):
    """Raised when somebody changed the same thing at the same time; the work is still to be done."""


def perform(task: Mapping[str, Any]) -> None:
    """Raises Raced if the task is to be tried again."""
    kind, agency = task["what"], task["agency"]
    try:
        KINDS[kind](actors.system(agency), task["target"], task["when"], max(clock.now(), task["at"]))
    except errors.Problem as problem:
        if problem.status in _RACE_STATUSES or problem.code in _RACE_CODES:
            raise Raced from problem
        log.line("due_settled", what=kind, code=problem.code)  # withdrawn, answered or gone: nothing is left to do


def _reply(actor: Actor, target: str, when: int, now: int) -> None:
    reply = replies.get(actor, target)
    if reply.state == "approved" and (reply.send_at or 0) <= now:
        approvals.send_due(actor, reply, now)


def _snooze(actor: Actor, target: str, when: int, now: int) -> None:
    triage.wake(actor, target, when, now)


def _ban(actor: Actor, target: str, when: int, now: int) -> None:
    bans.end(actor, target, when, now)


def _case(actor: Actor, target: str, when: int, now: int) -> None:
    escalations.run_out(actor, target, when, now)


def _escalation(actor: Actor, target: str, when: int, now: int) -> None:
    escalations.notify(actor, target, now)


def _crisis(actor: Actor, target: str, when: int, now: int) -> None:
    crises.run_out(actor, target, when, now)


def _line(actor: Actor, target: str, when: int, now: int) -> None:
    changeovers.take_effect(actor, target, when, now)


def _catch_up(actor: Actor, target: str, when: int, now: int) -> None:
    if asked := lookouts.missed_task(target, actor.agency):
        queues.send(asked)


def _network_ban(actor: Actor, target: str, when: int, now: int) -> None:
    network_bans.carry_out(actor, target, now)


def _expiry(actor: Actor, target: str, when: int, now: int) -> None:
    approvals.expire(actor, target, when, now)


def _check(actor: Actor, target: str, when: int, now: int) -> None:
    escalation.check(actor.agency, target, now)


def _handover(actor: Actor, target: str, when: int, now: int) -> None:
    handover.hand_over(actor.agency, target, now)


def _refusals(actor: Actor, target: str, when: int, now: int) -> None:
    refusals.close(actor.agency, target, now)


def _job(actor: Actor, target: str, when: int, now: int) -> None:
    jobs.go_on(actor.agency, target, JOBS, now)


def _channel(actor: Actor, target: str, when: int, now: int) -> None:
    connections.settle(actor, target, now)


def _renewal(actor: Actor, target: str, when: int, now: int) -> None:
    queues.send(renewals.task(actor.agency, target, when))


def _probe(actor: Actor, target: str, when: int, now: int) -> None:
    queues.send(probes.task(actor.agency, target, when))


def _mend(actor: Actor, target: str, when: int, now: int) -> None:
    queues.send(probes.mend_task(actor.agency, target))


def _app_secret(actor: Actor, target: str, when: int, now: int) -> None:
    queues.send(app_secrets.task(actor.agency, target))


def _templates(actor: Actor, target: str, when: int, now: int) -> None:
    queues.send(news.task(actor.agency, target))


def _forecast(actor: Actor, target: str, when: int, now: int) -> None:
    renewals.forecast(actor.agency, target, now)


def _invitation(actor: Actor, target: str, when: int, now: int) -> None:
    invitations.settle(actor, target, now)


def _file(actor: Actor, target: str, when: int, now: int) -> None:
    outgoing_files.delete_unused(actor.agency, target)


def _brand(actor: Actor, target: str, when: int, now: int) -> None:
    """The brand's settings changed: checks all of its unresolved conversations."""
    tasks = (escalation.brand_check_task(actor.agency, target, status) for status in conversations.UNRESOLVED)
    queues.send(*tasks)


def _fold(actor: Actor, target: str, when: int, now: int) -> None:
    """A process that dies between these steps folds again, and asks again."""
    hour = int(target)
    hours.fold(actor.agency, hour, now)
    if settings.get().billing:
        due.ask(actor.agency, reports.turn_at(actor.agency, hour, now), reports.DUE, actor.agency)
    gauges.begin(actor.agency, now)


def _gauge(actor: Actor, target: str, when: int, now: int) -> None:
    gauges.look(actor.agency, now)


def _usage(actor: Actor, target: str, when: int, now: int) -> None:
    if settings.get().billing:
        queues.send(Task("billing", {"kind": "usage", "agency": target}, group=target))


def _usage_check(actor: Actor, target: str, when: int, now: int) -> None:
    if settings.get().billing:
        queues.send(Task("billing", {"kind": "usage_check", "agency": target}, group=target))


def _webhook(actor: Actor, target: str, when: int, now: int) -> None:
    wakes.forward(actor.agency, target, now)


def _billing(actor: Actor, target: str, when: int, now: int) -> None:
    if settings.get().billing:
        queues.send(Task("billing", {"kind": "look", "agency": target}, group=target))


def _billing_letter(actor: Actor, target: str, when: int, now: int) -> None:
    letter = target.split("#")[1]
    queues.send(Task("billing", {"kind": "letter", "agency": actor.agency, "letter": letter}, group=actor.agency))


def _webhook_disabled(actor: Actor, target: str, when: int, now: int) -> None:
    notices.mail_disabled(actor.agency, target)


JOBS: Mapping[str, Work] = {
    "replay": intake.replay_portion, exports.KIND: exports.portion, back_tests.KIND: back_tests.portion,
    undos.KIND: undos.portion, raids.KIND: raids.portion,
}  # fmt: skip
KINDS: Mapping[str, Callable[[Actor, str, int, int], None]] = {
    apps.SECRET: _app_secret, "ban": _ban,
    "billing": _billing, "billing_letter": _billing_letter, "brand": _brand, cases.DUE: _case,
    escalations.TOLD: _escalation,
    "channel": _channel, crises.DUE: _crisis,
    "check": _check, "expiry": _expiry, "file": _file, "fold": _fold, "forecast": _forecast, "gauge": _gauge,
    "handover": _handover, changeovers.DUE: _line, "invitation": _invitation, "job": _job, "mend": _mend,
    "missed": _catch_up,
    "network_ban": _network_ban, "probe": _probe, "refusals": _refusals, "renewal": _renewal, "reply": _reply,
    "snooze": _snooze, news.READ: _templates,
    "usage": _usage, "usage_check": _usage_check, "webhook": _webhook, "webhook_disabled": _webhook_disabled,
}  # fmt: skip
