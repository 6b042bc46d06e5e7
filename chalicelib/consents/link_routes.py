"""/v1/connecting: what somebody without a seat may do with the token of a connect link. They need nothing but the
token.
"""

from collections.abc import Callable
from functools import partial

from chalicelib import clock
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.consents import accounts, links, schemas
from chalicelib.store import fence
from chalicelib.store.models.channels import ConnectLink


@route(
    "POST", "/connecting", pays="never", permission=SIGNED_IN, public=True,
    body=schemas.WITH_TOKEN, answer=schemas.OFFER,
)  # fmt: skip
def show_connect_link(call: Call) -> Json:
    """Shows what a connect link is for."""
    return _with(call, lambda link: links.public_view(link, brands.find(link.pk, link.brand).name))


@route(
    "POST", "/connecting/consents", pays="never", permission=SIGNED_IN, public=True,
    body=schemas.BEGIN_BY_LINK, answer=schemas.BEGUN, status=201,
)  # fmt: skip
def begin_consent_by_link(call: Call) -> Json:
    """Gives the address of the network's consent page to somebody with a connect link."""
    body = call.body

    def begin(link: ConnectLink) -> Json:
        back = link.return_to if body.get("own_page") else call.api + links.PAGE
        consent, address = links.begin(
            link, body["network"], server=body.get("server", ""), product=body.get("product", ""), api=call.api,
            back=back, now=call.now,
        )  # fmt: skip
        return {"id": consent.id, "url": address, "ends_at": clock.text(consent.ends_at)}

    return _with(call, begin)


@route(
    "POST", "/connecting/consents/{id}", pays="never", permission=SIGNED_IN, public=True,
    body=schemas.WITH_TOKEN, answer=schemas.CONSENT,
)  # fmt: skip
def show_consent_by_link(call: Call) -> Json:
    """Shows a consent that was begun with the link."""
    return _with(call, lambda link: accounts.view(links.consent_of(link, call.path["id"], call.now), call.now))


@route(
    "POST", "/connecting/consents/{id}/channels", pays="never", permission=SIGNED_IN, public=True,
    body=schemas.CHOOSE_BY_LINK, answer=schemas.RESULTS,
)  # fmt: skip
def connect_accounts_by_link(call: Call) -> Json:
    """Connects accounts of a consent that was begun with the link, as many as the link allows."""
    choose = partial(links.choose, id=call.path["id"], chosen=call.body["accounts"], hooks=call.hooks, now=call.now)
    return _with(call, lambda link: {"results": choose(link)})


def _with(call: Call, perform: Callable[[ConnectLink], Json]) -> Json:
    """Calls `perform` with the link of the token, inside its agency. Raises NotFound unless the link is valid."""
    token = call.body["token"]
    with fence.within(links.agency_of(token)):
        return perform(links.held(token, call.now))
