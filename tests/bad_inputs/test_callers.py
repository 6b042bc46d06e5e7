"""Tokens that are no good, or good for something else, at the deployed API's own door."""

import base64
import json

import jwt
import pytest

from local import seed
from tests.support.cases import Cases
from tests.support.forged_tokens import claims, part, raw, signed
from tests.support.stack import Member, Stack, number

cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


def _refusal(stack: Stack, token: str) -> tuple[int, str]:
    return Member(stack.api, token).call("GET", "/me").problem


@cases.add("AU-19")
def _nobodys_subject(stack: Stack) -> None:
    _, token = seed.sign_up(f"stranger{number()}@nobody.example", stack.platform.outputs, stack.platform.endpoint)
    assert _refusal(stack, token) == (403, "no_agency")


@cases.add("AU-20")
def _token_edited_by_its_holder(stack: Stack) -> None:
    head, payload, signature = stack.ours.owner.token.split(".")
    fields = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for changed in ({"custom:agency": stack.theirs.id}, {"sub": "somebody else"}, {"exp": fields["exp"] + 60}):
        edited = part({**fields, **changed}).decode()
        assert _refusal(stack, f"{head}.{edited}.{signature}") == (401, "unauthenticated")
        own = signed(jwt.get_unverified_header(stack.ours.owner.token), **{**fields, **changed})
        assert _refusal(stack, own) == (401, "unauthenticated")


@cases.add("AU-21")
def _agency_of_somebody_else(stack: Stack) -> None:
    theirs = Member(stack.api, stack.ours.owner.token, stack.theirs.id)
    assert theirs.call("GET", "/me").problem == (403, "other_agency")
    nowhere = Member(stack.api, stack.ours.owner.token, "agc_nowhere")
    assert nowhere.call("GET", "/me").problem == (403, "other_agency")
    assert Member(stack.api, stack.ours.owner.token, stack.ours.id).get("/me")["agency"] == stack.ours.id


@cases.add("AU-36")
def _door_opened_for_another_verb(stack: Stack) -> None:
    reader = stack.someone(stack.ours, "client", None)
    assert reader.call("GET", "/me").status == 200
    wanted = {"brand": stack.ours.brand, "network": "telegram", "credentials": {"token": "1:AAHd"}}
    assert reader.call("POST", "/channels", wanted).status == 403
    assert stack.ours.owner.call("GET", "/me").status == 200


def test_door_at_the_gateway_is_shut_to_all_others(stack: Stack) -> None:
    for token in ("", "x", "a.b.c", "null", "é", raw({"alg": "none"}, claims()), signed(), "x" * 20_000):
        answer = Member(stack.api, token).call("GET", "/me")
        assert answer.status in (401, 431), token[:20]
