"""/v1/brands/{id}/line: what may be said in a brand's space and in its name."""

from functools import partial

from chalicelib import moments
from chalicelib.access import permissions
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.editorial import changeovers, drafts, schemas, verdicts, versions
from chalicelib.store.models.brands import Brand

EDIT = "editorial_line.edit"


def _brand(call: Call) -> Brand:
    return brands.get(call.actor, call.path["id"])


def _effective_at(call: Call) -> int | None:
    named = call.body.get("effective_at")
    return None if named is None else moments.in_time(moments.parse(named, "effective_at"), call.now, "effective_at")


@route("GET", "/brands/{id}/line", permission=EDIT, query=schemas.STARTER, answer=schemas.DRAFT)
def show_line(call: Call) -> Json:
    """Shows the draft of a brand's editorial line, which begins as a starter."""
    brand = _brand(call)
    return drafts.view(brand, drafts.get(brand, call.query["language"]))


@route(
    "PUT",
    "/brands/{id}/line",
    pays="work",
    permission=EDIT,
    body=schemas.LINE,
    answer=schemas.DRAFT,
    versioned=True,
)
def save_line(call: Call) -> Json:
    """Replaces the draft of a brand's editorial line; it takes effect only when you publish it."""
    brand = _brand(call)
    draft = drafts.get(brand)
    call.matches(draft.version)
    return drafts.view(brand, drafts.save(call.actor, brand, draft, call.body, call.now))


@route("DELETE", "/brands/{id}/line", pays="work", permission=EDIT, answer=schemas.DRAFT, versioned=True)
def discard_line(call: Call) -> Json:
    """Discards all changes to the draft of a brand's editorial line since the version in force."""
    brand = _brand(call)
    draft = drafts.get(brand)
    call.matches(draft.version)
    return drafts.view(brand, versions.discard(call.actor, brand, draft, call.now))


@route(
    "POST",
    "/brands/{id}/line/publish",
    pays="work",
    permission=EDIT,
    body=schemas.PUBLISH,
    answer=schemas.VERSION,
    status=201,
    versioned=True,
)
def publish_line(call: Call) -> Json:
    """Puts the draft into force, now or at a time that you name, as a numbered version that never changes."""
    brand = _brand(call)
    draft = drafts.get(brand)
    call.matches(draft.version)
    note, at = call.body.get("note"), _effective_at(call)
    return versions.view(brand, versions.publish(call.actor, brand, draft, note, call.now, at))


@route(
    "POST",
    "/brands/{id}/line/withdraw",
    pays="work",
    permission=EDIT,
    body=schema.NOTHING,
    answer=schemas.DRAFT,
    versioned=True,
)
def withdraw_line(call: Call) -> Json:
    """Withdraws a planned version; the version in force and the draft do not change."""
    brand = _brand(call)
    draft = drafts.get(brand)
    call.matches(draft.version)
    return drafts.view(brand, changeovers.withdraw(call.actor, brand, draft, call.now))


@route(
    "POST",
    "/brands/{id}/line/restore",
    pays="work",
    permission=EDIT,
    body=schemas.RESTORE,
    answer=schemas.DRAFT,
    versioned=True,
)
def restore_line(call: Call) -> Json:
    """Copies a published version into the draft; publish the draft to put it into force again."""
    brand = _brand(call)
    draft = drafts.get(brand)
    call.matches(draft.version)
    return drafts.view(brand, versions.restore(call.actor, brand, draft, call.body["number"], call.now))


@route(
    "GET",
    "/brands/{id}/line/versions",
    permission=SIGNED_IN,
    query=schema.PAGE,
    answer=schema.listing(schemas.HEAD),
)
def list_line_versions(call: Call) -> Json:
    """Lists the published versions of a brand's editorial line, newest first."""
    brand = _brand(call)
    return pages.answer(call, f"line|{brand.id}", partial(versions.newest_first, brand), versions.head)


@route("GET", "/brands/{id}/line/versions/{number}", permission=SIGNED_IN, answer=schemas.VERSION)
def show_line_version(call: Call) -> Json:
    """Shows a published version of a brand's editorial line, and what it changed."""
    brand = _brand(call)
    return versions.view(brand, versions.named(brand, call.path["number"]))


@route("GET", "/brands/{id}/line/diff", permission=SIGNED_IN, query=schemas.SIDES, answer=schemas.DIFFERENCE)
def compare_lines(call: Call) -> Json:
    """Shows the differences between two versions of a brand's editorial line, or its draft and a version."""
    brand = _brand(call)
    since, to = call.query.get("from"), call.query["to"]
    if versions.DRAFT in (since, to):
        call.actor.at((EDIT,)).admit(brand.id)
    return versions.difference(brand, since, to)


@route(
    "POST",
    "/brands/{id}/line/check",
    pays="never",
    permission=(*permissions.ANSWER, EDIT),
    body=schemas.CHECK,
    answer=schemas.FINDINGS,
)
def check_text(call: Call) -> Json:
    """Shows what a brand's editorial line objects to in a text; nothing is stored or sent."""
    asked = {"surface": "comment", **call.body}
    return verdicts.view(verdicts.of_brand(_brand(call), asked.pop("text"), **asked))
