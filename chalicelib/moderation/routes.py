"""/v1/cases, /v1/decisions and what people do about messages: hide, show, delete, report."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from chalicelib import moments
from chalicelib.access import shields
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.inbox import message_actions, messages
from chalicelib.inbox import presentation as inbox_presentation
from chalicelib.inbox import schemas as inbox_schemas
from chalicelib.moderation import cases, claims, decisions, people, presentation, schemas
from chalicelib.networks.base import Report, Verb
from chalicelib.people import members
from chalicelib.store.models.moderation import Case, Decision

HIDE, DELETE = "moderation.hide", "moderation.delete"
VIEW = ("inbox.view_all", "inbox.view_assigned", "inbox.view_unassigned")


def _act(call: Call, verb: Verb) -> Json:
    message = people.act(call.actor, call.path["id"], verb, call.now, **call.body)
    return inbox_presentation.view(call.actor, message)


@route(
    "POST",
    "/messages/{id}/hide",
    pays="protect",
    permission=HIDE,
    body=schemas.ACTION,
    answer=inbox_schemas.MESSAGE,
)
def hide_message(call: Call) -> Json:
    """Hides a comment on its network; once the brand has published a line, you must name one of its clauses."""
    return _act(call, "hide")


@route(
    "POST",
    "/messages/{id}/unhide",
    pays="protect",
    permission=HIDE,
    body=schemas.ACTION,
    answer=inbox_schemas.MESSAGE,
)
def unhide_message(call: Call) -> Json:
    """Shows a hidden comment on its network again; the decision that hid it counts as undone."""
    return _act(call, "unhide")


@route(
    "POST",
    "/messages/{id}/delete",
    pays="protect",
    permission=DELETE,
    body=schemas.ACTION,
    answer=inbox_schemas.MESSAGE,
)
def delete_message(call: Call) -> Json:
    """Deletes a message on its network; here the message stays without its content."""
    return _act(call, "delete")


@route(
    "POST",
    "/messages/{id}/report",
    pays="protect",
    permission=HIDE,
    body=schemas.REPORT,
    answer=inbox_schemas.MESSAGE,
)
def report_message(call: Call) -> Json:
    """Reports a message to the network's own moderators."""
    report = Report(reason=call.body["reason"], note=call.body.get("note", ""))
    message = message_actions.perform(call.actor, call.path["id"], "report", call.now, report=report)
    return inbox_presentation.view(call.actor, message)


@route(
    "GET",
    "/messages/{id}/decisions",
    permission=VIEW,
    query=schema.PAGE,
    answer=schema.listing(schemas.DECISION),
)
def list_decisions_of_message(call: Call) -> Json:
    """Lists the decisions about a message, latest first, with the words as written and the clauses."""
    message, conversation = messages.with_conversation(call.actor, call.path["id"])
    history = decisions.of_message(conversation, message.id)
    return pages.among(call, f"decisions|{message.id}", [_listed(call, decision) for decision in history])


@route(
    "GET",
    "/brands/{id}/decisions",
    permission=HIDE,
    query=schemas.DECISIONS,
    answer=schema.listing(schemas.DECISION),
)
def list_decisions(call: Call) -> Json:
    """Lists the decisions about messages of a brand, latest first, or only those of one rule."""
    brand = brands.get(call.actor, call.path["id"])
    listing = partial(decisions.listing, call.actor.agency, brand.id, **_wanted(call))
    return pages.answer(call, f"decisions|{brand.id}", listing, partial(_listed, call))


@route(
    "GET",
    "/decisions",
    permission=HIDE,
    query=schemas.DECISIONS_OF_BRANDS,
    answer=schema.listing(schemas.DECISION),
)
def list_decisions_of_brands(call: Call) -> Json:
    """Lists the decisions about messages of all brands that you moderate, latest first."""
    chosen, wanted = brands.scope(call.actor, call.query.get("brand")), _wanted(call)

    def before(edge: str) -> Iterator[Decision]:
        return decisions.of_brands(call.actor.agency, chosen, before=edge, **wanted)

    return pages.answer(call, "decisions", before, partial(_listed, call))


def _wanted(call: Call) -> dict[str, Any]:
    since = moments.parse(call.query["since"], "since") if "since" in call.query else 0
    return {"rule": call.query.get("rule", ""), "state": call.query.get("state", ""), "since": since}


def _listed(call: Call, decision: Decision) -> Json:
    return presentation.listed(call.actor, decisions.view(decision))


def _decision(call: Call) -> Decision:
    return decisions.get(call.actor, call.path["id"])


@route("GET", "/decisions/{id}", permission=VIEW, answer=schemas.DECISION)
def show_decision(call: Call) -> Json:
    """Shows a decision: what was found, which rules matched, what was done and by which clause."""
    return decisions.view(_decision(call))


@route(
    "POST",
    "/decisions/{id}/undo",
    pays="protect",
    permission=HIDE,
    body=schemas.UNDO,
    answer=schemas.DECISION,
)
def undo_decision(call: Call) -> Json:
    """Undoes a decision: the message is shown again, and the strike no longer counts."""
    return decisions.view(people.undo(call.actor, _decision(call), call.body["reason"], call.now))


def _case(call: Call) -> Case:
    return cases.get(call.actor, call.path["id"])


@route("GET", "/cases", permission=HIDE, query=schemas.CASES, answer=schema.listing(schemas.CASE))
def list_cases(call: Call) -> Json:
    """Lists the cases that people have to decide, gravest first, or the decided ones."""
    chosen = brands.scope(call.actor, call.query.get("brand"))

    def after(edge: str) -> Iterator[Case]:
        return cases.listing(call.actor.agency, chosen, call.query["state"], edge)

    return pages.answer(call, "cases", after, partial(presentation.view_case, now=call.now))


@route("POST", "/cases/next", pays="never", permission=HIDE, body=schemas.NEXT, answer=schemas.TAKEN)
def take_next_case(call: Call) -> Json:
    """Gives you the gravest case that nobody works on, for five minutes; null if there is none."""
    case = claims.next_for(call.actor, brands.scope(call.actor, call.body.get("brand")), call.now)
    return {"case": presentation.view_case(case, call.now) if case else None}


@route("GET", "/cases/{id}", permission=HIDE, answer=schemas.CASE)
def show_case(call: Call) -> Json:
    """Shows a case and, once it is decided, its outcome."""
    return presentation.view_case(_case(call), call.now)


@route("POST", "/cases/{id}/claim", pays="never", permission=HIDE, body=schema.NOTHING, answer=schemas.CASE)
def claim_case(call: Call) -> Json:
    """Claims a case for five minutes, or extends your claim by five minutes."""
    return presentation.view_case(claims.claim(call.actor, _case(call), call.now), call.now)


@route("POST", "/cases/{id}/release", pays="never", permission=HIDE, body=schema.NOTHING, answer=schemas.CASE)
def release_case(call: Call) -> Json:
    """Releases a case, so that others can take it."""
    return presentation.view_case(claims.release(call.actor, _case(call), call.now), call.now)


@route("POST", "/cases/{id}/skip", pays="never", permission=HIDE, body=schema.NOTHING, answer=schemas.CASE)
def skip_case(call: Call) -> Json:
    """Releases a case and does not offer it to you again for an hour."""
    return presentation.view_case(claims.release(call.actor, _case(call), call.now, skip=True), call.now)


@route("POST", "/cases/{id}/pass-on", pays="never", permission=HIDE, body=schemas.PASS_ON, answer=schemas.CASE)
def pass_on_case(call: Call) -> Json:
    """Passes a case on to those who may publish the line; it is not offered to you again."""
    return presentation.view_case(claims.pass_on(call.actor, _case(call), call.body.get("reason"), call.now), call.now)


@route("POST", "/cases/{id}/reveal", pays="never", permission=HIDE, body=schema.NOTHING, answer=schemas.REVEALED)
def reveal_case(call: Call) -> Json:
    """Shows the full text of a case's message; the number of times that you do this is counted."""
    return people.reveal(call.actor, _case(call), call.now)


@route("POST", "/cases/{id}/decide", pays="protect", permission=HIDE, body=schemas.DECIDE, answer=schemas.CASE)
def decide_case(call: Call) -> Json:
    """Decides a case: the message stays, is hidden or is deleted. The outcomes measure how good the rules are."""
    body = call.body
    case = people.decide(call.actor, _case(call), body["act"], body.get("clause"), body.get("reason"), call.now)
    return presentation.view_case(case, call.now)


def _shield(call: Call, member: str, shield: Json) -> Json:
    return {**shield, "revealed_today": people.revealed_today(call.actor.agency, member, call.now)}


@route("GET", "/me/shield", permission=SIGNED_IN, answer=schemas.SHIELD)
def show_own_shield(call: Call) -> Json:
    """Shows your shield from grave content, and how often you revealed masked words today."""
    return _shield(call, call.actor.member, shields.of(call.actor.agency, call.actor.subject))


@route("PATCH", "/me/shield", pays="never", permission=SIGNED_IN, body=schemas.SHIELD_CHANGES, answer=schemas.SHIELD)
def change_own_shield(call: Call) -> Json:
    """Changes your shield: masked words, grey pictures, and how many severe cases an hour you are offered."""
    return _shield(call, call.actor.member, shields.change(call.actor, call.body, call.now))


@route("GET", "/members/{id}/shield", permission="member.manage", answer=schemas.SHIELD)
def show_shield(call: Call) -> Json:
    """Shows a member's shield from grave content, and how often they revealed masked words today."""
    member = members.managed(call.actor, call.path["id"])
    return _shield(call, member.id, shields.of(call.actor.agency, member.subject))
