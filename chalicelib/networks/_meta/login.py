"""Facebook Login for Business: the manager of Pages consents. Each Page has a token of its own, which does not end.

https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base, http
from chalicelib.networks._meta import apps, graph
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.base import Account, App, Asked, Begun, Consent, Credentials, Granted, Tokens
from chalicelib.networks.read import part, parts, words

PAGES = "www.facebook.com"
_MOST_PAGES = 5  # of a hundred accounts each
Found = Callable[[Mapping[str, Any]], Iterator[Account]]


def consent(network: str, scopes: tuple[str, ...], reader: Found, hook: apps.Hook, **more: Any) -> Consent:
    """`reader` gives the network's accounts that belong to a Page, from a row of `GET /me/accounts`."""
    return Consent(
        begin=lambda app, asked: begin(network, app, asked),
        finish=lambda app, granted: finish(network, app, granted),
        accounts=lambda tokens: [account for page in pages(network, tokens) for account in reader(page)],
        granted=partial(apps.scopes, network),
        posting=partial(apps.posting, network, hook),
        post_to=partial(apps.post_to, network, hook),
        scopes=scopes,
        provider="meta",
        shares="pages",
        **more,
    )


def begin(network: str, app: App, asked: Asked, **more: str) -> Begun:
    """Asks by the app's configuration if it has one, otherwise by the scopes."""
    wanted = {"config_id": app.config} if app.config else {"scope": ",".join(asked.scopes)}
    query = {
        "client_id": app.id, "redirect_uri": asked.redirect, "state": asked.state, "response_type": "code",
        **wanted, **more,
    }  # fmt: skip
    return Begun(address=f"{http.address(network, PAGES)}/{graph.VERSION}/dialog/oauth?{urlencode(query)}")


def finish(network: str, app: App, granted: Granted) -> Tokens:
    """The code gives a token for an hour, and that gives one for sixty days. Page tokens got with the latter do not
    end.
    """
    known = {"client_id": app.id, "client_secret": app.secret}
    code = {**known, "redirect_uri": granted.redirect, "code": granted.code}
    first = words(_token(network, code).get("access_token"))
    longer = {**known, "grant_type": "fb_exchange_token", "fb_exchange_token": first}
    token = words(_token(network, longer).get("access_token"))
    if not token:
        raise base.Rejected("Facebook did not return a token.", code="no_token")
    me = Credentials(account="", token=token)
    given = parts(_get(network, "/me/permissions", me, {}), "data")
    scopes = tuple(words(permission.get("permission")) for permission in given if permission.get("status") == "granted")
    return Tokens(token=token, scopes=scopes, user=words(_get(network, "/me", me, {"fields": "id"}).get("id")))


def _token(network: str, query: Mapping[str, str]) -> Mapping[str, Any]:
    return _get(network, "/oauth/access_token", Credentials(account="", token=""), query)


def pages(network: str, tokens: Tokens) -> Iterator[Mapping[str, Any]]:
    """The Pages that the token reaches, each with its own token and the Instagram account linked to it."""
    query = {
        "fields": "id,name,access_token,picture{url},instagram_business_account{id,username,profile_picture_url}",
        "limit": "100",
    }  # fmt: skip
    for _ in range(_MOST_PAGES):
        answer = _get(network, "/me/accounts", Credentials(account="", token=tokens.token), query)
        yield from (page for page in parts(answer, "data") if words(page.get("access_token")))
        after = words(part(part(answer, "paging"), "cursors").get("after"))
        if not (after and words(part(answer, "paging").get("next"))):
            return
        query = {**query, "after": after}


def page(row: Mapping[str, Any]) -> Iterator[Account]:
    picture = words(part(part(row, "picture"), "data").get("url"))
    yield Account(
        id=words(row.get("id")), name=words(row.get("name")), picture=picture, token=words(row["access_token"])
    )


def granted_to(network: str, app: App, token: str, scope: str) -> Sequence[str]:
    """The ids for which the token has that scope, as Meta's `debug_token` tells."""
    query = {"input_token": token, "access_token": f"{app.id}|{app.secret}"}
    answer = part(_get(network, "/debug_token", Credentials(account="", token=""), query), "data")
    scopes = parts(answer, "granular_scopes")
    return [
        words(id)
        for grant in scopes
        if grant.get("scope") == scope
        for id in grant.get("target_ids") or ()
        if words(id)
    ]


def _get(network: str, path: str, credentials: Credentials, query: Mapping[str, str]) -> Mapping[str, Any]:
    return graph.call(network, "GET", path, credentials, query=query, codes=CONNECT)


def unheard(network: str, node: str, credentials: Credentials, wanted: str) -> Sequence[str]:
    """The fields that Meta does not post to the app for that Page or account."""
    answer = _get(network, f"/{node}/subscribed_apps", credentials, {"fields": "id,subscribed_fields"})
    fields = {words(field) for app in parts(answer, "data") for field in app.get("subscribed_fields") or ()}
    return [field for field in wanted.split(",") if field not in fields]
