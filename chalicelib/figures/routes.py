"""/v1/billing/usage: what was said for the brands."""

from chalicelib.api import sheets
from chalicelib.api.http import Call, Json, route
from chalicelib.api.sheets import Sheet
from chalicelib.figures import exports, schemas, usage
from chalicelib.jobs import jobs
from chalicelib.jobs.schemas import JOB


@route(
    "GET", "/billing/usage", permission="billing.manage", query=schemas.USAGE, answer=schemas.REPORT, also=sheets.MIME
)
def show_usage(call: Call) -> Json | Sheet:
    """Shows the usage by brand, channel, day or month; with `Accept: text/csv`, as a sheet."""
    report = usage.report(call.actor.agency, usage.read_query(call.actor, call.query, call.now))
    return sheets.sheet("usage", usage.COLUMNS, report["items"]) if call.wants(sheets.MIME) else report


@route(
    "POST",
    "/billing/usage/exports",
    pays="never",
    permission="billing.manage",
    body=schemas.EXPORT,
    answer=JOB,
    status=202,
)
def export_usage(call: Call) -> Json:
    """Starts a job that makes a sheet of usage for any number of brands; when done, the job's `file` links to it."""
    return jobs.view(exports.start(call.actor, call.body, call.now))
