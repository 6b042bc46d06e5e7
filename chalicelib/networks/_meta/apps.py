"""What Meta tells an app about itself: where its events are posted, and which scopes a token has by now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.networks import base
from chalicelib.networks._meta import graph
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import part, parts, words

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def scopes(network: str, app: base.App, credentials: base.Credentials) -> Sequence[str]:
    """https://developers.facebook.com/docs/graph-api/reference/debug_token"""
    token = part(_call(network, "GET", "/debug_token", app, input_token=credentials.token), "data")
    listed = token.get("scopes") if token.get("is_valid") is True else None
    return [words(scope) for scope in listed if words(scope)] if isinstance(listed, list) else ()


@dataclass(frozen=True)
class Hook:
    """The webhook that an app has for an `object`: it needs the fields `needs`, and may subscribe to those of `all`
    too.
    """

    object: str
    needs: str
    all: str = ""


def posting(network: str, hook: Hook, app: base.App) -> base.Posting:
    """`missing` has `active` if the whole subscription was turned off.

    https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
    """
    there = _subscription(network, hook, app)
    missing = [field for field in hook.needs.split(",") if field not in _fields(there)]
    off = ["active"] if there and there.get("active") is not True else []
    return base.Posting(address=words(there.get("callback_url")), missing=(*off, *missing))


def post_to(network: str, hook: Hook, app: base.App, address: str, verify: str) -> None:
    """Meta calls the address at once, with the `verify` token. The app stays subscribed to all fields that it has
    already.

    https://developers.facebook.com/docs/graph-api/webhooks/subscriptions-edge
    """
    wanted = dict.fromkeys([*_fields(_subscription(network, hook, app)), *(hook.all or hook.needs).split(",")])
    asked = {"object": hook.object, "callback_url": address, "fields": ",".join(wanted), "verify_token": verify}
    answer = _call(network, "POST", _edge(app), app, **asked)
    if answer.get("success") in (False, "false"):
        raise base.Rejected("Meta did not accept the address of the app's webhook.", code="no_success")


def _subscription(network: str, hook: Hook, app: base.App) -> base.Json:
    subscriptions = parts(_call(network, "GET", _edge(app), app), "data")
    return next(
        (subscription for subscription in subscriptions if words(subscription.get("object")) == hook.object), {}
    )


def _fields(there: base.Json) -> list[str]:
    return [name for field in parts(there, "fields") if (name := words(field.get("name")))]


def _edge(app: base.App) -> str:
    """A text that is no id becomes 0, an app that Meta does not have: so no other path is ever called."""
    return f"/{app.id if _ID.fullmatch(app.id) else 0}/subscriptions"


def _call(network: str, method: str, path: str, app: base.App, **query: str) -> base.Json:
    """Calls with the app's own token."""
    known = {**query, "access_token": f"{app.id}|{app.secret}"}
    return graph.call(network, method, path, base.Credentials(account="", token=""), query=known, codes=CONNECT)
