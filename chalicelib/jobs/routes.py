"""/v1: jobs, their progress, and stopping them."""

from chalicelib import page
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.jobs import jobs, schemas


@route("GET", "/jobs", permission=SIGNED_IN, query=schema.PAGE, answer=schema.listing(schemas.JOB))
def list_jobs(call: Call) -> Json:
    """Lists your jobs of the last 30 days, newest first; with the right to read the audit, everybody's."""
    scope = f"jobs|{call.actor.agency}"
    before = page.position(scope, call.query.get("cursor")) or ""
    portion, cursor = page.cut(jobs.latest(call.actor, before), call.query["limit"], scope, lambda job: job.sk)
    return {"items": [jobs.view(job, call.actor) for job in portion], "next": cursor}


@route("GET", "/jobs/{id}", permission=SIGNED_IN, answer=schemas.JOB)
def show_job(call: Call) -> Json:
    """Tells how far a job is."""
    return jobs.view(jobs.get(call.actor, call.path["id"]), call.actor)


@route("POST", "/jobs/{id}/cancel", pays="never", permission=SIGNED_IN, answer=schemas.JOB)
def cancel_job(call: Call) -> Json:
    """Stops a job; what it did stays done. Does nothing to one that has ended."""
    return jobs.view(jobs.cancel(call.actor, jobs.get(call.actor, call.path["id"]), call.now), call.actor)
