"""/v1/rules: how a rule does: on the past, by figures, and taking back all that it did."""

from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.evaluation import back_tests, figures, schemas, stretches, undos
from chalicelib.jobs import jobs
from chalicelib.jobs.schemas import JOB
from chalicelib.rules import rulebooks
from chalicelib.rules.rulebooks import Stored

EDIT = "editorial_line.edit"


def _rule(call: Call) -> Stored:
    return rulebooks.get(call.actor, call.path["id"])


@route(
    "POST",
    "/rules/{id}/back-tests",
    pays="never",
    permission=EDIT,
    body=schemas.NEW_BACK_TEST,
    answer=JOB,
    status=202,
)
def start_back_test(call: Call) -> Json:
    """Starts a job that tries a rule's newest version on messages of the last days; no message is changed."""
    return jobs.view(back_tests.start(call.actor, _rule(call), call.body.get("days", 7), call.now))


@route("GET", "/rules/{id}/back-tests/{job}", permission=EDIT, answer=schemas.BACK_TEST)
def show_back_test(call: Call) -> Json:
    """Shows which past messages a rule would have matched, beside what was really done about them."""
    return back_tests.view(call.actor.agency, back_tests.find(call.actor.agency, _rule(call), call.path["job"]))


@route(
    "POST",
    "/rules/{id}/undo",
    pays="protect",
    permission="rule.activate",
    body=schemas.UNDO,
    answer=schemas.UNDONE,
)
def undo_rule(call: Call) -> Json:
    """Starts a job that undoes a rule's decisions of a time, or counts them first. Only people can do this."""
    call.actor.check_is_person()
    body = call.body
    asked = undos.parameters_of(_rule(call)["id"], body["since"], body.get("until"), body.get("reason"), call.now)
    if call.body.get("dry_run", False):
        return {"job": None, **undos.outlook(call.actor, asked)}
    return {"job": jobs.view(undos.start(call.actor, asked, call.now)), "outcomes": None, "partial": False}


@route("GET", "/rules/{id}/figures", permission=SIGNED_IN, query=schemas.STRETCH, answer=schemas.FIGURES)
def show_rule_figures(call: Call) -> Json:
    """Shows for each version of a rule what it matched and did, how people judged that, and how fast it was."""
    rule = _rule(call)
    asked = stretches.stretch_of(call.query, call.now)
    return figures.of_rule(call.actor.agency, rulebooks.brand_of(rule), rule["id"], asked, call.now)
