"""S15: who is disabled, signed out or removed is out within a minute, however long their token would live."""

import time
from dataclasses import replace

import pytest

from chalicelib.access import sessions
from chalicelib.access.tokens import Caller
from local import seed
from tests.support.stack import Member, Stack, eventually, number
from tests.support.user_pool import Door

ANA, TOKEN = Caller("ana", 1000, session="ses_ana"), "Bearer the.token"
BO = Caller("bo", 1000, session="ses_bo")
KNOWN = 200, {"UserAttributes": [{"Name": "sub", "Value": "ana"}]}


@pytest.fixture(autouse=True)
def fresh() -> None:
    sessions._held.clear()
    sessions._noted.clear()


def holds(caller: Caller, header: str) -> bool:
    return sessions.verify(caller, header, lambda: True)


def test_pool_is_asked_once_a_minute_for_a_session(door: Door) -> None:
    door.users["the.token"] = KNOWN
    assert [holds(ANA, TOKEN) for _ in range(3)] == [True] * 3
    assert door.asked == ["GetUser"]
    assert holds(replace(ANA, session="ses_later"), TOKEN)
    assert door.asked == ["GetUser"] * 2
    assert sessions._KEPT_SECONDS < 60


def test_session_is_asked_for_again_after_a_minute(door: Door) -> None:
    door.users["the.token"] = KNOWN
    assert holds(ANA, TOKEN)
    del door.users["the.token"]
    assert holds(ANA, TOKEN)
    sessions._held[ANA.session] = time.monotonic() - 1
    assert not holds(ANA, TOKEN)


@pytest.mark.parametrize(
    "error", ["NotAuthorizedException", "com.amazonaws.cognito#UserNotFoundException", "PasswordResetRequiredException"]
)
def test_session_that_the_pool_refuses_is_over(door: Door, error: str) -> None:
    door.users["the.token"] = 400, {"__type": error}
    assert not holds(ANA, TOKEN)


@pytest.mark.parametrize(
    "user", [{}, {"UserAttributes": [{"Name": "sub", "Value": "bo"}]}, {**KNOWN[1], "Enabled": False}]
)
def test_session_of_somebody_else_or_of_a_disabled_user_is_over(door: Door, user: dict[str, object]) -> None:
    door.users["the.token"] = 200, user
    assert not holds(ANA, TOKEN)


def test_token_is_sent_that_was_checked(door: Door) -> None:
    assert not holds(ANA, "")
    assert not holds(ANA, "Bearer another")


def test_pool_that_is_busy_or_down_leaves_it_to_the_token(door: Door) -> None:
    door.users["the.token"] = 400, {"__type": "TooManyRequestsException"}
    assert holds(ANA, TOKEN)
    door.server.shutdown()
    door.server.server_close()
    assert holds(BO, TOKEN)


def test_disabled_person_is_out_and_stays_out_until_they_sign_in_anew(stack: Stack) -> None:
    email, pool = f"gone{number()}@someone.example", stack.client("cognito-idp")
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand], email=email)
    named = {"UserPoolId": stack.platform.outputs["UserPool"], "Username": email}
    pool.admin_disable_user(**named)
    assert person.call("GET", "/me").problem == (401, "signed_out")
    pool.admin_enable_user(**named)
    assert person.call("GET", "/me").problem == (401, "signed_out")
    assert eventually(lambda: signed_in(stack, email).call("GET", "/me").status == 200)


def test_manager_ends_the_sessions_of_a_member(stack: Stack) -> None:
    email = f"stolen{number()}@someone.example"
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand], email=email)
    id = person.get("/me")["member"]
    manager = stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    owner = stack.ours.owner.get("/me")["member"]
    assert manager.call("POST", f"/members/{owner}/sign-out", {}).problem == (403, "beyond_own")
    manager.post(f"/members/{id}/sign-out")
    assert person.call("GET", "/me").problem == (401, "signed_out")
    assert eventually(lambda: signed_in(stack, email).call("GET", "/me").status == 200)


def signed_in(stack: Stack, email: str) -> Member:
    return Member(stack.api, seed.sign_in(email, stack.platform.outputs, stack.platform.endpoint))
