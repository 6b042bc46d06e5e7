"""/v1: jobs, their progress, and stopping them."""

from chalicelib import page
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.jobs import jobs, schemas


@route("GET", "/jobs", permission=SIGNED_IN, query=schema.PAGE, answer=schema.listing(schemas.JOB))
def list_jobs(call: Call) -> Json:
    """Lists your jobs of the last 30 days, newest first; with `audit.view`, the jobs of everybody."""
    scope = f"jobs|{call.actor.agency}"
    before = page.position(scope, call.query.get("cursor")) or ""
    portion, cursor = page.cut(jobs.latest(call.actor, before), call.query["limit"], scope, lambda job: job.sk)
    return {"items": [jobs.view(job, call.actor) for job in portion], "next": cursor}


@route("GET", "/jobs/{id}", permission=SIGNED_IN, answer=schemas.JOB)
def show_job(call: Call) -> Json:
    """Shows the progress of a job."""
    return jobs.view(jobs.get(call.actor, call.path["id"]), call.actor)


@route("POST", "/jobs/{id}/cancel", pays="never", permission=SIGNED_IN, answer=schemas.JOB)
def cancel_job(call: Call) -> Json:
    """Stops a job; what it has done stays done. A job that has ended does not change."""
    return jobs.view(jobs.cancel(call.actor, jobs.get(call.actor, call.path["id"]), call.now), call.actor)
