"""LinkedIn's consent page. https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from chalicelib.networks import base, http, oauth
from chalicelib.networks.linkedin.connect import ORGANIZATION
from chalicelib.networks.linkedin.outbound import call, encoded, outcome
from chalicelib.networks.read import words

HOST = "www.linkedin.com"
READS = ("r_basicprofile", "rw_organization_admin", "r_organization_social", "r_organization_social_feed")
_WRITES = "w_organization_social_feed"
SCOPES = (*READS, _WRITES, "w_organization_social")
GIVES = {
    **dict.fromkeys(("reply", "delete", "like", "react"), (_WRITES,)),
    "publishes": ("w_organization_social",),
}
_ENDED = ("invalid_grant", "invalid_request", "invalid_token")
_MOST = 100


def begin(app: base.App, asked: base.Asked) -> base.Begun:
    """LinkedIn has PKCE for apps on a device only, so the secret and the state protect the exchange."""
    query = {
        "response_type": "code", "client_id": app.id, "redirect_uri": asked.redirect, "state": asked.state,
        "scope": " ".join(asked.scopes),
    }  # fmt: skip
    return base.Begun(address=f"{http.address('linkedin', HOST)}/oauth/v2/authorization?{urlencode(query)}")


def finish(app: base.App, granted: base.Granted) -> base.Tokens:
    """The app's `config` is its number, which notifications are subscribed to with."""
    form = {"grant_type": "authorization_code", "code": granted.code, "redirect_uri": granted.redirect}
    return _tokens(app, form, base.Rejected)


def renew(app: base.App, credentials: base.Credentials) -> base.Tokens:
    """The refresh token stays the same, and ends a year after the consent, however often it is used."""
    form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh}
    return _tokens(app, form, base.Expired)


def granted(app: base.App, credentials: base.Credentials) -> Sequence[str]:
    """https://learn.microsoft.com/en-us/linkedin/shared/authentication/token-introspection"""
    form = {"client_id": app.id, "client_secret": app.secret, "token": credentials.token}
    answer = http.call("linkedin", "POST", HOST, "/oauth/v2/introspectToken", form=form)
    if answer.status != 200:
        raise outcome("GET", answer)
    return oauth.scopes(answer.json) if answer.json.get("active") is True else ()


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    """The organizations that the person administers.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-access-control-by-role
    """
    asker = base.Credentials(account="", token=tokens.token)
    query = {"q": "roleAssignee", "role": "ADMINISTRATOR", "state": "APPROVED", "count": str(_MOST)}
    roles = call(asker, "GET", "/rest/organizationAcls", query=query).json.get("elements")
    urns = [words(role.get("organization")) for role in _objects(roles)]
    numbers = [urn.removeprefix(ORGANIZATION) for urn in dict.fromkeys(urns) if urn.startswith(ORGANIZATION)]
    if not numbers:
        return []
    results = call(asker, "GET", f"/rest/organizations?ids=List({','.join(map(encoded, numbers))})").json.get("results")
    names = results if isinstance(results, Mapping) else {}
    named = {number: names.get(number) for number in numbers}
    return [
        base.Account(id=ORGANIZATION + number, name=_name(organization), details=dict(tokens.details))
        for number, organization in named.items()
    ]


def _tokens(app: base.App, form: Mapping[str, str], ended: type[base.Outcome]) -> base.Tokens:
    sent = {**form, "client_id": app.id, "client_secret": app.secret}
    answer = http.call("linkedin", "POST", HOST, "/oauth/v2/accessToken", form=sent)
    body = answer.json
    if answer.status == 200 and words(body.get("access_token")):
        return oauth.tokens(body, details={"app": app.config})
    error, text = words(body.get("error")), words(body.get("error_description"))
    if answer.status in (400, 401):
        text = text or "LinkedIn does not accept the app, the code or the token."
        raise (ended if error in _ENDED else base.Rejected)(text, code=error or str(answer.status))
    raise outcome("POST", answer)


def _name(organization: object) -> str:
    return words(organization.get("localizedName")) if isinstance(organization, Mapping) else ""


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
