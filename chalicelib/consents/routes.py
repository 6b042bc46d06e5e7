"""/v1/consents, connect-links and network-apps: accounts are connected on the networks' own pages."""

from functools import partial
from urllib.parse import urlsplit

from chalicelib import clock, errors, settings
from chalicelib.api import pages, schema
from chalicelib.api.http import Call, Json, route
from chalicelib.brands import brands
from chalicelib.consents import accounts, apps, consents, links, schemas, withdrawals
from chalicelib.networks.base import App
from chalicelib.store.models.channels import NetworkApp


@route(
    "POST", "/consents", pays="grow", permission="channel.connect",
    body=schemas.BEGIN, answer=schemas.BEGUN, status=201,
)  # fmt: skip
def begin_consent(call: Call) -> Json:
    """Gives the address of the network's page on which somebody consents to your use of their accounts."""
    body = call.body
    consent, address = consents.begin(
        call.actor, brand_id=body["brand"], network_key=body["network"], api=call.api, now=call.now,
        server=body.get("server", ""), product=body.get("product", ""), return_to=_return_to(body),
    )  # fmt: skip
    return {"id": consent.id, "url": address, "ends_at": clock.text(consent.ends_at)}


@route("GET", "/consents/{id}", permission="channel.connect", answer=schemas.CONSENT)
def show_consent(call: Call) -> Json:
    """Shows whether somebody consented, and which accounts you can connect with the consent."""
    return accounts.view(consents.visible(call.actor, call.path["id"], call.now), call.now)


@route(
    "POST", "/consents/{id}/channels", pays="grow", permission="channel.connect",
    body=schemas.CHOOSE, answer=schemas.RESULTS,
)  # fmt: skip
def connect_accounts(call: Call) -> Json:
    """Connects accounts of a consent, or gives your existing channels what they need to keep working."""
    consent = consents.visible(call.actor, call.path["id"], call.now)
    chosen, move = call.body["accounts"], call.body.get("move", "")
    return {"results": accounts.connect(call.actor, consent, chosen, call.hooks, call.now, move)}


@route(
    "GET", "/connect-links", permission="channel.connect", query={"brand": schema.id_of("brd"), **schema.PAGE},
    answer=schema.listing(schemas.LINK),
)  # fmt: skip
def list_connect_links(call: Call) -> Json:
    """Lists the links with which people without a seat connect accounts of your brands."""
    of_brands = partial(links.of_brands, call.actor.agency, brands.scope(call.actor, call.query.get("brand")))
    return pages.answer(call, "connect-links", of_brands, partial(links.view, now=call.now))


@route(
    "POST", "/connect-links", pays="grow", permission="channel.connect",
    body=schemas.NEW_LINK, answer=schemas.LINK, status=201,
)  # fmt: skip
def make_connect_link(call: Call) -> Json:
    """Makes a link with which somebody without a seat connects accounts of one brand and sees nothing else."""
    more = {name: value for name, value in call.body.items() if name not in ("brand", "networks")}
    more |= {"return_to": _return_to(call.body)}
    link, token = links.make(call.actor, call.body["brand"], call.body["networks"], call.now, **more)
    return {**links.view(link, call.now), "url": f"{call.api}{links.PAGE}#{token}", "token": token}


@route("DELETE", "/connect-links/{id}", pays="never", permission="channel.connect", answer=schema.NOTHING)
def revoke_connect_link(call: Call) -> Json:
    """Ends a link; channels that were connected with it stay."""
    links.revoke(call.actor, call.path["id"], call.now)
    return {}


@route("GET", "/network-apps", permission="app.manage", query=schema.PAGE, answer=schema.listing(schemas.APP))
def list_network_apps(call: Call) -> Json:
    """Lists your own apps on networks, to which people consent instead of ours."""
    return pages.answer(call, "network-apps", partial(apps.every, call.actor.agency), partial(_app, call))


@route("PUT", "/network-apps/{network}", pays="work", permission="app.manage", body=schemas.PUT_APP, answer=schemas.APP)
def set_network_app(call: Call) -> Json:
    """Sets your own app on a network, for all of your brands or for one."""
    app = App(id=call.body["app_id"], secret=call.body["secret"])
    brand, product = call.body.get("brand", ""), call.body.get("product", "")
    return _app(call, apps.put(call.actor, call.path["network"], brand, app, call.now, product))


@route(
    "DELETE", "/network-apps/{network}", pays="never", permission="app.manage",
    query={"brand": schema.id_of("brd"), "product": schemas.PRODUCT}, answer=schema.NOTHING,
)  # fmt: skip
def remove_network_app(call: Call) -> Json:
    """Removes your own app on a network; its channels stay connected and renew their tokens with it."""
    brand, product = call.query.get("brand", ""), call.query.get("product", "")
    apps.remove(call.actor, call.path["network"], brand, call.now, product)
    return {}


def _app(call: Call, app: NetworkApp) -> Json:
    """The app, with the addresses to which its network reports that somebody withdrew their consent, if it reports
    that.
    """
    door = withdrawals.of_network(app.network, call.actor.agency, app.app_id)
    place = f"{call.api}{door.path}" if door else ""
    return {
        **apps.view(app),
        "deauthorise_url": f"{place}/deauthorise" if place else None,
        "deletion_url": f"{place}/deletion" if place else None,
    }


def _return_to(body: Json) -> str:
    """Raises Invalid unless it is an https address that browsers read as we do, or one of the origins that we know."""
    address = str(body.get("return_to", ""))
    parts = urlsplit(address)
    is_plain = bool(parts.hostname) and not {"@", "\\"} & set(parts.netloc + parts.path)
    is_known = parts.scheme == "https" or f"{parts.scheme}://{parts.netloc}" in settings.get().origins
    if address and not (is_plain and is_known):
        raise errors.Invalid(
            "The address has to begin with https:// and cannot contain `@` or a backslash.",
            code="address_scheme",
            field="return_to",
        )
    return address
