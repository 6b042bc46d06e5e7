"""S18: mail goes to the address that was typed, and to nobody whose address looks alike."""

import pytest

from chalicelib.aws import addresses
from tests.people.test_grants import signed_up
from tests.people.test_members import link_in_mail
from tests.support.stack import Stack, number

ONE_PERSON = [("bob@new.example", "BOB@NEW.example"), ("b\uff4fb@new.example", "bob@new.example")]
TWO_PEOPLE = [
    ("bob@stra\u00dfe.example", "bob@strasse.example"),
    ("bob@\ufb01rma.example", "bob@firma.example"),
    ("bob@fa\u00df.example", "bob@fass.example"),
    ("bob@new.example", "bob@new.example.org"),
]


@pytest.mark.parametrize(("typed", "sent_to"), [
    ("Bob.Smith@New.Example", "Bob.Smith@new.example"),
    ("bob@stra\u00dfe.example", "bob@xn--strae-oqa.example"),
    ("bob@M\u00dcNCHEN.example", "bob@xn--mnchen-3ya.example"),
])  # fmt: skip
def test_mail_goes_to_what_was_typed(typed: str, sent_to: str) -> None:
    assert addresses.deliverable(typed) == sent_to


@pytest.mark.parametrize("typed", ["bob@\ufb01rma.example", "bob@-\u00fc.example", "bob@\u200b\u00fc.example"])
def test_domain_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(UnicodeError):
        addresses.deliverable(typed)


@pytest.mark.parametrize(("address", "other"), ONE_PERSON)
def test_capitals_and_look_alikes_before_the_at_are_one_address(address: str, other: str) -> None:
    assert addresses.folded(address) == addresses.folded(other)


@pytest.mark.parametrize(("address", "other"), TWO_PEOPLE)
def test_another_domain_is_another_address(address: str, other: str) -> None:
    assert addresses.folded(address) != addresses.folded(other)


def test_owner_of_the_domain_that_looks_alike_does_not_get_in(stack: Stack) -> None:
    name, grants = f"bob{number()}", [{"role": "client", "brands": [stack.ours.brand]}]
    made = stack.ours.owner.post("/invitations", {"email": f"{name}@stra\u00dfe.example", "grants": grants})
    assert made["email"] == f"{name}@stra\u00dfe.example"
    link = {"token": link_in_mail(stack, f"{name}@xn--strae-oqa.example")}
    other = signed_up(stack, f"{name}@strasse.example")
    assert other.call("POST", "/invitations/accept", link).problem == (404, "not_found")
    assert signed_up(stack, f"{name}@xn--strae-oqa.example").call("POST", "/invitations/accept", link).status == 200


def test_one_address_gets_few_invitations_a_day(stack: Stack) -> None:
    email, grants = f"guest{number()}@new.example", [{"role": "client", "brands": [stack.ours.brand]}]
    asked = [email, email.upper()] * 3
    answers = [stack.ours.owner.call("POST", "/invitations", {"email": address, "grants": grants}) for address in asked]
    assert [answer.status for answer in answers] == [201] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) <= 24 * 3600
