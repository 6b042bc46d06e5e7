"""/v1/sign-in-provider, sign-in-domains: an agency's own identity provider, and for which addresses it speaks."""

from functools import partial

from chalicelib import settings
from chalicelib.access import sso
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.people import members
from chalicelib.people.schemas import MEMBER
from chalicelib.sso import domains, links, providers, schemas


@route("GET", "/sign-in-domains", permission="sso.manage", query=schema.PAGE, answer=schema.listing(schemas.DOMAIN))
def list_sign_in_domains(call: Call) -> Json:
    """Lists the domains that your agency proved to be its own, or is about to prove."""
    return pages.answer(call, "sign-in-domains", partial(domains.every, call.actor.agency), domains.view)


@route(
    "POST", "/sign-in-domains", pays="work", permission="sso.manage",
    body=schemas.NEW_DOMAIN, answer=schemas.DOMAIN, status=201,
)  # fmt: skip
def claim_sign_in_domain(call: Call) -> Json:
    """Shows which DNS record proves that a domain is your agency's."""
    return domains.view(domains.claim(call.actor, call.body["domain"], call.now))


@route(
    "POST", "/sign-in-domains/{id}/verify", pays="work", permission="sso.manage",
    body=schema.NOTHING, answer=schemas.DOMAIN,
)  # fmt: skip
def verify_sign_in_domain(call: Call) -> Json:
    """Looks the DNS record up; if it is there, the domain is your agency's and nobody else's."""
    domain = domains.verify(call.actor, call.path["id"], call.now, settings.get().resolver)
    providers.update_domains(call.actor.agency)
    return domains.view(domain)


@route("DELETE", "/sign-in-domains/{id}", pays="never", permission="sso.manage", answer=schema.NOTHING)
def remove_sign_in_domain(call: Call) -> Json:
    """Removes a domain from your agency."""
    providers.update_domains(call.actor.agency, without=domains.get(call.actor.agency, call.path["id"]).domain)
    domains.remove(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/sign-in-provider", permission="sso.manage", answer=schemas.PRESENT_PROVIDER)
def show_sign_in_provider(call: Call) -> Json:
    """Shows your agency's own identity provider, if it has one."""
    return providers.view(sso.provider_of(call.actor.agency))


@route(
    "PUT", "/sign-in-provider", pays="work", permission="sso.manage",
    body=schemas.SET_PROVIDER, answer=schemas.PRESENT_PROVIDER,
)  # fmt: skip
def set_sign_in_provider(call: Call) -> Json:
    """Lets your own identity provider sign in everybody who has an address of your domains."""
    came_by_it = call.caller.sso == call.actor.agency
    return providers.view(providers.put(call.actor, call.body, call.now, came_by_it=came_by_it))


@route("DELETE", "/sign-in-provider", pays="never", permission="sso.manage", answer=schema.NOTHING)
def remove_sign_in_provider(call: Call) -> Json:
    """Removes your agency's own identity provider; people sign in with their passwords again."""
    providers.remove(call.actor, call.now)
    return {}


@route(
    "POST", "/me/join", pays="never", permission=SIGNED_IN, newcomers=True, by_sso=True,
    body=schema.NOTHING, answer=MEMBER,
)  # fmt: skip
def join_agency(call: Call) -> Json:
    """Makes you, signed in by your agency's provider, the member with your address, or accepts your invitation."""
    return members.view(links.join(call.caller, call.now))
