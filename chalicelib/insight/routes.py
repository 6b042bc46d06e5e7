"""/v1: the audit, and the proof that nobody changed it."""

from chalicelib.api import schema
from chalicelib.api.http import Call, Json, route
from chalicelib.insight import proof, schemas, trail


@route("GET", "/audit", permission="audit.view", query=schemas.AUDIT, answer=schema.listing(schemas.ENTRY))
def list_audit(call: Call) -> Json:
    """Lists who did what, newest first."""
    filters = {name: call.query[name] for name in (*trail.FIELDS, "since", "until") if name in call.query}
    return trail.listing(call.actor, filters, call.query["limit"], call.query.get("cursor"))


@route("GET", "/audit/verification", permission="audit.view", query=schemas.PROOF, answer=schemas.CHAIN)
def verify_audit(call: Call) -> Json:
    """Verifies, part by part, that no entry of the audit was removed, inserted or changed since it was written."""
    return proof.verification(call.actor.agency, call.query.get("cursor"), call.now)
