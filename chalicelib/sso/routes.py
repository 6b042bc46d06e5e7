"""/v1/sign-in-domains: for which addresses an agency's own identity provider speaks."""

from functools import partial

from chalicelib import settings
from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.sso import domains, schemas


@route("GET", "/sign-in-domains", permission="sso.manage", query=schema.PAGE, answer=schema.listing(schemas.DOMAIN))
def list_sign_in_domains(call: Call) -> Json:
    """Lists the domains that your agency proved to be its own, or is about to."""
    return pages.answer(call, "sign-in-domains", partial(domains.every, call.actor.agency), domains.view)


@route(
    "POST", "/sign-in-domains", pays="work", permission="sso.manage",
    body=schemas.NEW_DOMAIN, answer=schemas.DOMAIN, status=201,
)  # fmt: skip
def claim_sign_in_domain(call: Call) -> Json:
    """Tells which DNS record proves that a domain is your agency's."""
    return domains.view(domains.claim(call.actor, call.body["domain"], call.now))


@route(
    "POST", "/sign-in-domains/{id}/verify", pays="work", permission="sso.manage",
    body=schema.NOTHING, answer=schemas.DOMAIN,
)  # fmt: skip
def verify_sign_in_domain(call: Call) -> Json:
    """Looks the record up; if it is there, the domain is your agency's and nobody else's."""
    return domains.view(domains.verify(call.actor, call.path["id"], call.now, settings.get().resolver))


@route("DELETE", "/sign-in-domains/{id}", pays="never", permission="sso.manage", answer=schema.NOTHING)
def remove_sign_in_domain(call: Call) -> Json:
    """Gives a domain up."""
    domains.remove(call.actor, call.path["id"], call.now)
    return {}
