"""/v1/billing/usage: what was said for the brands."""

from chalicelib.api import sheets
from chalicelib.api.http import Call, Json, route
from chalicelib.api.sheets import Sheet
from chalicelib.figures import schemas, usage


@route(
    "GET", "/billing/usage", permission="billing.manage", query=schemas.USAGE, answer=schemas.REPORT, also=sheets.MIME
)
def show_usage(call: Call) -> Json | Sheet:
    """Shows how much was said, by brand, channel, day or month; with `Accept: text/csv`, as a sheet."""
    report = usage.report(call.actor.agency, usage.asked(call.actor, call.query, call.now))
    return (
        sheets.sheet("usage", list(schemas.ITEM["properties"]), report["items"]) if call.wants(sheets.MIME) else report
    )
