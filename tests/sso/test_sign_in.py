"""Members come in by their agency's own identity provider: to that agency alone, as who they are there."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from local import seed
from tests.people.test_sign_in import FORM, PAGE
from tests.sso.test_domains import resolver_of, told
from tests.support import identity_provider, name_server
from tests.support.identity_provider import Provider
from tests.support.name_server import Zone
from tests.support.stack import Agency, Member, Stack, eventually, number

WAYS = [{"role": "owner", "brands": None}]


@dataclass
class Firm:
    """An agency of its own with a proven domain, and the provider that speaks for it."""

    stack: Stack
    zone: Zone
    provider: Provider
    owner: Member
    id: str
    domain: str

    def settings(self, **more: Any) -> dict[str, Any]:
        client = {"client_id": "palabre", "client_secret": "never shown"}
        return {"kind": "oidc", "issuer": self.provider.issuer, **client, **more}

    def auth(self, email: str) -> Any:
        return Member(self.stack.api, "").get("/auth", email=email)

    def signed_in(self, email: str, *, verified: bool = True, subject: str = "") -> Member:
        """The person, by the provider, from the page that asks who they are until the token."""
        auth, code = self.auth(f"anybody@{self.domain}"), secrets.token_hex(8)
        self.provider.people[code] = {
            "sub": subject or email, "email": email, "email_verified": "true" if verified else "false", "name": "Ana",
        }  # fmt: skip
        query = {
            "response_type": "code", "client_id": auth["client_id"], "redirect_uri": PAGE,
            "scope": " ".join(auth["scopes"]), "identity_provider": auth["identity_provider"],
        }  # fmt: skip
        away = _leads(f"{auth['authorization_endpoint']}?{urlencode(query)}")
        assert away.startswith(f"{self.provider.issuer}/authorize?")
        state = parse_qs(urlsplit(away).query)["state"][0]
        origin = auth["authorization_endpoint"].removesuffix("/oauth2/authorize")
        back = _leads(f"{origin}/oauth2/idpresponse?{urlencode({'code': code, 'state': state})}")
        form = {
            "grant_type": "authorization_code", "client_id": auth["client_id"], "redirect_uri": PAGE,
            "code": parse_qs(urlsplit(back).query)["code"][0],
        }  # fmt: skip
        answer = urllib3.request("POST", auth["token_endpoint"], body=urlencode(form), headers=FORM)
        assert answer.status == 200, answer.data
        return Member(self.stack.api, answer.json()["access_token"])


def _leads(url: str) -> str:
    answer = urllib3.request("GET", url, redirect=False)
    assert answer.status == 302, answer.data
    return str(answer.headers["Location"])


@pytest.fixture
def firm(stack: Stack) -> Iterator[Firm]:
    _, token = seed.sign_up(f"o{number()}@elsewhere.example", stack.platform.outputs, stack.platform.endpoint)
    owner, domain = Member(stack.api, token), f"firm{number()}.example"
    agency = owner.post("/agencies", {"name": "Firm"})["id"]
    with name_server.serving(port=resolver_of(stack)) as zone, identity_provider.serving() as provider:
        made = Firm(stack, zone, provider, owner, agency, domain)
        assert owner.call("PUT", "/sign-in-provider", made.settings()).problem == (409, "no_domain")
        id = told(zone, owner, domain)
        owner.post(f"/sign-in-domains/{id}/verify")
        yield made


def test_provider_is_set_shown_without_its_secret_and_removed(firm: Firm) -> None:
    owner = firm.owner
    assert owner.get("/sign-in-provider") == {"provider": None}
    assert firm.auth(f"x@{firm.domain}")["identity_provider"] is None
    made = owner.put("/sign-in-provider", firm.settings())["provider"]
    assert owner.put("/sign-in-provider", firm.settings(client_id="other"))["provider"]["client_id"] == "other"
    shown = owner.call("GET", "/sign-in-provider")
    assert b"never shown" not in shown.raw
    assert shown.json["provider"]["sign_in_client_id"] == made["sign_in_client_id"]
    led = firm.auth(f"x@{firm.domain.upper()}")
    assert (led["client_id"], led["identity_provider"]) == (made["sign_in_client_id"], made["identity_provider"])
    assert firm.auth(f"x@sub.{firm.domain}")["identity_provider"] is None
    saml = {"kind": "saml", "metadata_url": "https://idp.example/metadata"}
    assert owner.call("PUT", "/sign-in-provider", saml).problem == (409, "other_kind")
    more = told(firm.zone, owner, f"more-{firm.domain}")
    owner.post(f"/sign-in-domains/{more}/verify")
    assert _identifiers(firm, made["identity_provider"]) == {firm.domain, f"more-{firm.domain}"}
    owner.delete(f"/sign-in-domains/{more}")
    assert _identifiers(firm, made["identity_provider"]) == {firm.domain}
    owner.delete("/sign-in-provider")
    assert owner.call("DELETE", "/sign-in-provider").problem == (404, "not_found")
    assert owner.put("/sign-in-provider", saml)["provider"]["kind"] == "saml"
    owner.delete("/sign-in-provider")


def _identifiers(firm: Firm, name: str) -> set[str]:
    cognito, pool = firm.stack.client("cognito-idp"), firm.stack.platform.outputs["UserPool"]
    provider = cognito.describe_identity_provider(UserPoolId=pool, ProviderName=name)["IdentityProvider"]
    assert provider["AttributeMapping"]["email_verified"] == "email_verified"
    return set(provider["IdpIdentifiers"])


def test_who_is_invited_or_a_member_comes_in_by_the_provider_to_that_agency_alone(firm: Firm) -> None:
    firm.owner.put("/sign-in-provider", firm.settings())
    email = f"ana{number()}@{firm.domain}"
    ana = firm.signed_in(email)
    assert ana.call("GET", "/me").problem == (403, "no_agency")
    assert ana.call("POST", "/me/join", {}).problem == (403, "no_agency")
    firm.owner.post("/invitations", {"email": email, "grants": WAYS})
    assert ana.post("/me/join")["email"] == email
    assert ana.post("/me/join")["id"] == ana.get("/me")["member"]
    assert ana.get("/me")["agency"] == firm.id
    assert [agency["id"] for agency in ana.get("/me/agencies")["items"]] == [firm.id]
    assert ana.call("POST", "/agencies", {"name": "Mine"}).problem == (403, "other_agency")
    elsewhere = {"Palabre-Agency": firm.stack.ours.id}
    assert ana.call("GET", "/me", headers=elsewhere).problem == (403, "other_agency")
    assert firm.owner.call("POST", "/me/join", {}).problem == (409, "no_sso")


def test_address_of_another_domain_or_one_that_nobody_verified_is_refused(firm: Firm) -> None:
    firm.owner.put("/sign-in-provider", firm.settings())
    stranger = firm.signed_in(f"eve{number()}@else.example")
    assert stranger.call("POST", "/me/join", {}).problem == (403, "wrong_domain")
    unproven = firm.signed_in(f"eve{number()}@{firm.domain}", verified=False)
    assert unproven.call("POST", "/me/join", {}).problem == (403, "wrong_domain")


def test_password_is_refused_to_addresses_of_the_domain_once_the_provider_was_tried(firm: Firm) -> None:
    firm.owner.put("/sign-in-provider", firm.settings())
    email, strict = f"bea{number()}@{firm.domain}", firm.settings(only_sso=True)
    agency = Agency(firm.id, "", {"owner": firm.owner})
    with_password = firm.stack.someone(agency, "owner", None, email=email)
    bea = firm.signed_in(email)
    assert bea.post("/me/join")["id"] == with_password.get("/me")["member"]
    assert firm.owner.call("PUT", "/sign-in-provider", strict).problem == (409, "not_tried")
    assert bea.put("/sign-in-provider", strict)["provider"]["only_sso"]
    eventually(lambda: with_password.call("GET", "/me").problem == (403, "sign_in_with_sso"))
    assert bea.get("/me")["member"]
    assert firm.owner.get("/me")["agency"] == firm.id


def test_who_came_by_the_provider_is_out_when_the_domain_or_the_provider_is_gone(firm: Firm) -> None:
    firm.owner.put("/sign-in-provider", firm.settings())
    email = f"cem{number()}@{firm.domain}"
    firm.stack.someone(Agency(firm.id, "", {"owner": firm.owner}), "owner", None, email=email)
    cem = firm.signed_in(email)
    cem.post("/me/join")
    [domain] = [row["id"] for row in firm.owner.every("/sign-in-domains") if row["domain"] == firm.domain]
    firm.owner.delete(f"/sign-in-domains/{domain}")
    assert cem.call("GET", "/me").problem == (403, "wrong_domain")
    firm.owner.delete("/sign-in-provider")
    assert cem.call("GET", "/me").problem == (403, "no_agency")
