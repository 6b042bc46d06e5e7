"""`on_billing` reads subscriptions from Stripe again: after a notice from Stripe, and at due times. It also sends
letters.

It asks Stripe for the present state, so it does not matter how often, when, or in which order its tasks come.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib import batch, clock, log
from chalicelib.aws import queues
from chalicelib.batch import Failures, Record
from chalicelib.billing import hooks, mails, reconciliation, refreshes, reports, subjects
from chalicelib.billing.notices import Notice
from chalicelib.plans import records
from chalicelib.purchases import followups
from chalicelib.store import fence

Body = Mapping[str, Any]
# What concerns no customer: the operator has to look at it.
FOR_OPERATORS = ("price", "product", "billing.meter")


def handle(records: Sequence[Record]) -> Failures:
    """Performs the tasks, those about one customer together. Those that fail come back, with growing delays."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(_about(json.loads(record["body"])), []).append(record)
    failed = [record for group in batch.each(groups.values(), _perform, _failed) for record in group]
    log.line("billing", records=len(records), returned=len(failed))
    return batch.failures(failed)


def _about(body: Body) -> str:
    """Tasks that one look at Stripe settles together have the same text here."""
    if body["kind"] != "notice":
        return f"{body['kind']} {body['agency']} {body.get('letter', '')}"
    notice = body["notice"]
    is_dispute = notice["type"].startswith("charge.dispute.")
    return f"notice {notice['subject'] if is_dispute else notice['customer'] or notice['subject']} {is_dispute}"


def _perform(records: Sequence[Record]) -> None:
    bodies = [json.loads(record["body"]) for record in records]
    TASKS[bodies[0]["kind"]](bodies)


def _failed(records: Sequence[Record], error: Exception) -> None:
    log.problem("billing_failed", error)
    queues.retry("billing", *records)


def _notices(bodies: Sequence[Body]) -> None:
    notices = [Notice(**body["notice"]) for body in bodies]
    first, client = notices[0], refreshes.client()
    if first.type.rpartition(".")[0] in FOR_OPERATORS:
        log.count("billing_for_operators", type=first.type)
        return
    disputes = [first.subject] if first.type.startswith("charge.dispute.") else []
    agencies = {subjects.agency_of(customer) for customer in subjects.customers(client, first)} - {""}
    for agency in agencies:
        with fence.within(agency):
            stored = refreshes.refresh(
                agency, clock.now(), client=client, events=[notice.id for notice in notices], disputes=disputes
            )
            followups.follow_up(stored, clock.now(), client)
    if not agencies and not first.type.startswith("test_helpers."):
        for body in bodies:
            hooks.keep(json.dumps(body).encode())


def _look(bodies: Sequence[Body]) -> None:
    agency = bodies[0]["agency"]
    with fence.within(agency):
        stored = refreshes.look_again(agency, clock.now())
        if records.of(stored).customer:
            followups.follow_up(stored, clock.now(), refreshes.client())


def _letter(bodies: Sequence[Body]) -> None:
    agency, kind = bodies[0]["agency"], bodies[0]["letter"]
    with fence.within(agency):
        mails.send(agency, kind, clock.now())


def _usage(bodies: Sequence[Body]) -> None:
    agency = bodies[0]["agency"]
    with fence.within(agency):
        reports.report_usage(agency, clock.now())


def _usage_check(bodies: Sequence[Body]) -> None:
    agency = bodies[0]["agency"]
    with fence.within(agency):
        reconciliation.check(agency, clock.now())


TASKS: Mapping[str, Callable[[Sequence[Body]], None]] = {
    "notice": _notices, "look": _look, "letter": _letter, "usage": _usage, "usage_check": _usage_check,
}  # fmt: skip
