"""The outcomes of Google's errors, and the steps on its consent page, whichever network calls."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.networks import base, http
from chalicelib.networks._google import api, double, oauth
from local.double import Server
from tests.networks.consents import BACK, CHALLENGE, granted, query


def become(method: str, code: int, **error: Any) -> base.Outcome:
    return api.outcome(method, http.Response(code, value={"error": error}))


@pytest.mark.parametrize("reason", api.REASONS)
def test_reason_says_more_than_the_status(reason: str) -> None:
    error: dict[str, Any] = {"status": reason} if reason.isupper() else {"errors": [{"reason": reason}]}
    outcome = become("POST", 400, **error)
    assert (type(outcome), outcome.code) == (api.REASONS[reason], reason)
    assert (outcome.after > 0) == isinstance(outcome, base.Throttled)


@pytest.mark.parametrize(
    ("method", "status", "kind"),
    [
        ("GET", 400, base.Rejected),
        ("GET", 401, base.Expired),
        ("GET", 404, base.Gone),
        ("GET", 429, base.Throttled),
        ("GET", 500, base.Unreachable),
        ("POST", 500, base.Unknown),
    ],
)
def test_without_a_reason_the_status_decides(method: str, status: int, kind: type[base.Outcome]) -> None:
    errors: list[dict[str, Any]] = [{}, {"errors": ["?"]}, {"errors": 7, "status": 7}, {"status": "NEW_ONE"}]
    for error in errors:
        outcome = become(method, status, **error)
        assert (type(outcome), outcome.code) == (kind, str(status))
    assert type(api.outcome(method, http.Response(status, value=[7]))) is kind


def test_quota_of_a_day_is_waited_for_longer_than_that_of_a_minute() -> None:
    day, minute = (become("GET", 403, errors=[{"reason": reason}]) for reason in ("quotaExceeded", "rateLimitExceeded"))
    assert (day.after, minute.after) == (3600, 60)
    response = http.Response(429, {"Retry-After": "17"}, {})
    assert api.outcome("GET", response).after == 17


APP = base.App(id="77.apps.googleusercontent.com", secret="hush")
ASKED = base.Asked(redirect=BACK, state="s/1", challenge=CHALLENGE, scopes=("a", "openid"))


def test_consent_leads_there_and_back_once(server: Server) -> None:
    begun = oauth.begin("youtube", APP, ASKED)
    shown = query(begun)
    assert (shown["code_challenge"], shown["code_challenge_method"]) == (CHALLENGE, "S256")
    assert (shown["access_type"], shown["prompt"], shown["scope"]) == ("offline", "consent", "a openid")
    given = granted(begun)
    tokens = oauth.finish("youtube", APP, given)
    assert (tokens.refresh, tokens.lives, tokens.scopes) == (double.REFRESH, 3599, ("a", "openid"))
    wrongs: list[dict[str, Any]] = [{"code": given.code}, {"redirect": "https://elsewhere.test"}, {"verifier": "other"}]
    for wrong in wrongs:
        with pytest.raises(base.Rejected) as raised:
            oauth.finish("youtube", APP, replace(granted(oauth.begin("youtube", APP, ASKED)), **wrong))
        assert raised.value.code == "invalid_grant"


def test_scopes_are_those_that_a_token_has_by_now(server: Server) -> None:
    for without, left in (("", ("a", "openid")), ("a", ("openid",))):
        tokens = oauth.finish("youtube", APP, granted(oauth.begin("youtube", APP, ASKED), without=without))
        us = base.Credentials(account="", token=tokens.token, refresh=tokens.refresh)
        assert oauth.granted("youtube", APP, us) == tokens.scopes == left
        renewed = base.Credentials(account="", token=oauth.renew("youtube", APP, us).token)
        assert oauth.granted("youtube", APP, renewed) == left
    with pytest.raises(base.Rejected):
        oauth.granted("youtube", APP, base.Credentials(account="", token="ya29.gone"))


def test_token_is_renewed_until_somebody_withdraws_it(server: Server) -> None:
    us = base.Credentials(account="", token="-", refresh=double.REFRESH)
    tokens = oauth.renew("youtube", APP, us)
    assert tokens.token.startswith("ya29.") and not tokens.refresh
    with pytest.raises(base.Expired):
        oauth.renew("youtube", APP, base.Credentials(account="", token="-", refresh="old"))
    with pytest.raises(base.Rejected):
        oauth.renew("youtube", base.App(id="another"), us)
    server.state.behaviours.append({"network": "youtube", "do": "unavailable", "times": 1})
    with pytest.raises(base.Unknown):
        oauth.renew("youtube", APP, us)
