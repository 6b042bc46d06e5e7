"""What Meta tells of an app, to the app itself: where its events are posted, and what it may do with a token by now."""

import re
from collections.abc import Sequence

from chalicelib.networks import base
from chalicelib.networks._meta import graph
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.read import part, parts, words

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def scopes(network: str, app: base.App, credentials: base.Credentials) -> Sequence[str]:
    """https://developers.facebook.com/docs/graph-api/reference/debug_token"""
    told = part(_get(network, "/debug_token", app, input_token=credentials.token), "data")
    listed = told.get("scopes") if told.get("is_valid") is True else None
    return [words(scope) for scope in listed if words(scope)] if isinstance(listed, list) else ()


def unheard(network: str, object: str, wanted: str, app: base.App, hook: str) -> Sequence[str]:
    """Fields that are not posted for any account; `address` if none is posted to us, `active` if they were turned off.

    Another channel of the same app may have the hook to which all is posted, so any of ours will do.
    https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
    """
    if not _ID.fullmatch(app.id):
        return ()
    told = parts(_get(network, f"/{app.id}/subscriptions", app), "data")
    own = next((one for one in told if words(one.get("object")) == object), {})
    ours = hook.rpartition(f"/{network}")[0]
    if not words(own.get("callback_url")).startswith(f"{ours}/"):
        return ("address",)
    fields = {words(field.get("name")) for field in parts(own, "fields")}
    missing = [field for field in wanted.split(",") if field not in fields]
    return missing if own.get("active") is True else ["active", *missing]


def _get(network: str, path: str, app: base.App, **query: str) -> base.Json:
    """By the app's own token."""
    known = {**query, "access_token": f"{app.id}|{app.secret}"}
    return graph.call(network, "GET", path, base.Credentials(account="", token=""), query=known, codes=CONNECT)
