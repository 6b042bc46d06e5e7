"""A domain is an agency's once a record proves it, and no other agency's then."""

from urllib.parse import urlsplit

import pytest

from chalicelib import errors
from chalicelib.access.actors import Actor
from chalicelib.sso import domains
from tests.support.name_server import Zone, serving
from tests.support.stack import Member, Stack, number


def resolver_of(stack: Stack) -> int:
    """The port at which the deployed stack asks for names."""
    return urlsplit(stack.double).port or 0


def told(zone: Zone, owner: Member, domain: str) -> str:
    """The domain, claimed for their agency, whose record the name server has."""
    made = owner.post("/sign-in-domains", {"domain": domain})
    zone.records[made["record"]["name"]] = [*zone.records.get(made["record"]["name"], ()), made["record"]["value"]]
    return str(made["id"])


def test_domain_is_proved_by_its_record_and_then_nobody_elses(stack: Stack) -> None:
    domain, owner = f"d{number()}.example", stack.ours.owner
    id = owner.post("/sign-in-domains", {"domain": domain.upper()})["id"]
    with serving(port=resolver_of(stack)) as zone:
        assert owner.call("POST", f"/sign-in-domains/{id}/verify", {}).problem == (409, "domain_unproven")
        record = next(row for row in owner.every("/sign-in-domains") if row["id"] == id)["record"]
        assert record["name"] == f"_palabre.{domain}"
        zone.failing.add(record["name"])
        assert owner.call("POST", f"/sign-in-domains/{id}/verify", {}).problem == (503, "dns_unavailable")
        zone.failing.clear()
        zone.records[record["name"]] = [record["value"]]
        assert owner.post(f"/sign-in-domains/{id}/verify")["proven_at"]
        theirs = told(zone, stack.theirs.owner, domain)
        assert stack.theirs.owner.call("POST", f"/sign-in-domains/{theirs}/verify", {}).problem == (409, "domain_taken")
        stack.theirs.owner.delete(f"/sign-in-domains/{theirs}")
        assert owner.post(f"/sign-in-domains/{id}/verify")["proven_at"]
        owner.delete(f"/sign-in-domains/{id}")
        theirs = told(zone, stack.theirs.owner, domain)
        assert stack.theirs.owner.post(f"/sign-in-domains/{theirs}/verify")["proven_at"]
        stack.theirs.owner.delete(f"/sign-in-domains/{theirs}")


def test_domain_is_claimed_once(stack: Stack) -> None:
    domain = {"domain": f"d{number()}.example"}
    stack.ours.owner.post("/sign-in-domains", domain)
    assert stack.ours.owner.call("POST", "/sign-in-domains", domain).problem == (409, "domain_exists")


@pytest.mark.parametrize(
    "typed",
    [
        "gmail.com",
        "co.uk",
        "com.br",
        "GoogleMail.com",
        "localhost",
        "10.0.0.1",
        "a..example",
        "-a.example",
        "a@b.example",
    ],
)
def test_domain_that_is_nobodys_own_is_refused(typed: str) -> None:
    with pytest.raises(errors.Invalid):
        domains.checked(typed)


@pytest.mark.parametrize(
    ("typed", "known"),
    [(" Agency.Example ", "agency.example"), ("bücher.example", "xn--bcher-kva.example"), ("co.example", "co.example")],
)
def test_domain_is_kept_as_name_servers_know_it(typed: str, known: str) -> None:
    assert domains.checked(typed) == known


@pytest.mark.parametrize(
    "actor", [Actor("agc_1", "key_1", "K", "key"), Actor("agc_1", "mbr_1", "A", app="app_1")], ids=["key", "app"]
)
def test_neither_key_nor_app_claims_a_domain(actor: Actor) -> None:
    with pytest.raises(errors.Forbidden) as refused:
        domains.claim(actor, "agency.example", 0)
    assert refused.value.code == "people_only"
