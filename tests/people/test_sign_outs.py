"""A person sees where they are signed in, ends one session or all, and a manager shuts somebody out for a while."""

from dataclasses import replace

from local import seed
from tests.support.stack import Member, Stack, number


def signed_in(stack: Stack, email: str) -> Member:
    return Member(stack.api, seed.sign_in(email, stack.platform.outputs, stack.platform.endpoint))


def test_person_ends_a_session_that_is_not_theirs_any_more(stack: Stack) -> None:
    email = f"laptop{number()}@someone.example"
    here = stack.someone(stack.ours, "moderator", [stack.ours.brand], email=email)
    lost = signed_in(stack, email)
    assert lost.get("/me")["kind"] == "member"
    sessions = here.get("/me/sessions")["items"]
    assert sorted(session["current"] for session in sessions) == [False, True]
    [stolen] = lost_ones = [session["id"] for session in sessions if not session["current"]]
    here.delete(f"/me/sessions/{stolen}")
    assert lost.call("GET", "/me").problem == (401, "signed_out")
    assert lost.call("GET", "/me/agencies").problem == (401, "signed_out")
    assert here.get("/me")["kind"] == "member"
    assert [session["id"] for session in here.get("/me/sessions")["items"]] != lost_ones


def test_session_that_was_ended_opens_no_agency_that_is_joined_later(stack: Stack) -> None:
    email = f"joins{number()}@someone.example"
    here = stack.someone(stack.ours, "moderator", [stack.ours.brand], email=email)
    lost = signed_in(stack, email)
    lost.get("/me")
    [stolen] = [session["id"] for session in here.get("/me/sessions")["items"] if not session["current"]]
    here.delete(f"/me/sessions/{stolen}")
    founded = here.post("/agencies", {"name": "Later"})["id"]
    assert Member(stack.api, lost.token, founded).call("GET", "/me").problem == (401, "signed_out")
    assert Member(stack.api, here.token, founded).get("/me")["agency"] == founded


def test_nobody_ends_sessions_of_others(stack: Stack) -> None:
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    [mine] = [session["id"] for session in person.get("/me/sessions")["items"]]
    stranger = stack.someone(stack.theirs, "moderator", [stack.theirs.brand])
    assert stranger.call("DELETE", f"/me/sessions/{mine}").problem == (404, "not_found")
    assert stranger.call("DELETE", "/me/sessions/nonsense").problem == (404, "not_found")
    assert person.get("/me")["kind"] == "member"


def test_person_signs_out_everywhere_at_once(stack: Stack) -> None:
    email = f"all{number()}@someone.example"
    here = stack.someone(stack.ours, "moderator", [stack.ours.brand], email=email)
    there = signed_in(stack, email)
    there.get("/me")
    here.post("/me/sign-out")
    for session in (here, there):
        assert session.call("GET", "/me").problem == (401, "signed_out")
        assert session.call("GET", "/me/sessions").problem == (401, "signed_out")


def test_suspended_member_is_out_with_the_next_request_and_back_with_all_that_was_theirs(stack: Stack) -> None:
    owner = stack.ours.owner
    person = stack.someone(stack.ours, "owner", [stack.ours.brand])
    id = person.get("/me")["member"]
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    key = Member(stack.api, person.post("/api-keys", {"name": "Bot", "grants": grants})["key"])
    assert key.get("/me")["kind"] == "key"
    assert owner.post(f"/members/{id}/suspend")["suspended_at"]
    assert owner.post(f"/members/{id}/suspend")["version"] == 2
    assert person.call("GET", "/me").problem == (403, "suspended")
    assert key.call("GET", "/me").problem == (401, "key_ended")
    assert not next(colleague for colleague in owner.every("/colleagues") if colleague["id"] == id)["available"]
    assert owner.post(f"/members/{id}/restore")["suspended_at"] is None
    assert person.get("/me")["member"] == id
    assert key.get("/me")["kind"] == "key"


def test_nobody_suspends_themselves_nor_who_may_do_more(stack: Stack) -> None:
    owner = stack.ours.owner
    id = owner.get("/me")["member"]
    manager = stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    assert owner.call("POST", f"/members/{id}/suspend", {}).problem == (409, "is_yourself")
    assert manager.call("POST", f"/members/{id}/suspend", {}).problem == (403, "beyond_own")
    assert manager.call("POST", f"/members/{id}/restore", {}).problem == (403, "beyond_own")


def test_suspended_owner_counts_as_none(stack: Stack) -> None:
    _, token = seed.sign_up(f"two{number()}@owners.example", stack.platform.outputs, stack.platform.endpoint)
    first = Member(stack.api, token)
    agency = first.post("/agencies", {"name": "Two owners"})["id"]
    id = first.get("/me")["member"]
    other = stack.someone(replace(stack.theirs, id=agency), "client", None).get("/me")["member"]
    owner = {"grants": [{"role": "owner", "brands": None}]}
    assert first.call("PATCH", f"/members/{other}", owner, headers={"If-Match": '"1"'}).status == 200
    first.post(f"/members/{other}/suspend")
    client = {"grants": [{"role": "client", "brands": None}]}
    assert first.call("PATCH", f"/members/{id}", client, headers={"If-Match": '"1"'}).problem == (409, "last_owner")
    first.delete(f"/members/{other}")
    assert first.get("/me")["grants"][0]["role"] == "owner"
