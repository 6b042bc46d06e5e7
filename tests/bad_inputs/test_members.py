"""What people ask of the API that their role, somebody else's haste or the state of things does not allow."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local import seed
from tests.support.answer_contract import Answer
from tests.support.cases import Cases
from tests.support.people import Fan
from tests.support.stack import Member, Stack, ask, eventually, number

cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


def person(stack: Stack, email: str = "") -> Member:
    """Somebody signed in, and a member of nothing yet."""
    email = email or f"person{number()}@new.example"
    return Member(stack.api, seed.sign_up(email, stack.platform.outputs, stack.platform.endpoint)[1])


def founder(stack: Stack) -> Member:
    """The owner of an agency nobody else is in."""
    member = person(stack)
    member.post("/agencies", {"name": f"Agency {number()}"})
    return member


def asks(stack: Stack) -> str:
    """The address of a conversation somebody has just begun."""
    return f"/conversations/{Fan(stack.connect('messenger')).starts()['id']}"


@cases.add("RE-12")
def _same_address_in_other_letters(stack: Stack) -> None:
    owner, email = founder(stack), f"ana{number()}@new.example"
    role = {"grants": [{"role": "client", "brands": None}]}
    invited = owner.post("/invitations", {"email": email.upper(), **role})
    assert invited["email"] == email.upper()
    assert owner.call("POST", "/invitations", {"email": "ana@ﬁrma.example", **role}).problem == (422, "bad_email")
    mine = eventually(lambda: owner.every("/members"))[0]["email"]
    assert owner.call("POST", "/invitations", {"email": mine.title(), **role}).problem == (409, "member_exists")
    wide = mine.replace("person", "\N{FULLWIDTH LATIN SMALL LETTER P}erson")
    assert owner.call("POST", "/invitations", {"email": wide, **role}).problem == (409, "member_exists")


@cases.add("RE-13")
def _shortcut_taken_by_a_change(stack: Stack) -> None:
    owner, count = stack.ours.owner, number()
    words = {"brand": stack.ours.brand, "title": "Hello", "text": "Hello!"}
    owner.post("/canned-replies", {**words, "shortcut": f"hi{count}"})
    other = owner.post("/canned-replies", {**words, "shortcut": f"hello{count}"})
    taken = owner.call("PATCH", f"/canned-replies/{other['id']}", {"shortcut": f"HI{count}"})
    assert taken.problem == (409, "shortcut_taken")
    assert owner.get(f"/canned-replies/{other['id']}")["shortcut"] == f"hello{count}"


@cases.add("RE-23")
def _edit_of_a_version_long_gone(stack: Stack) -> None:
    path, owner = asks(stack), stack.ours.owner
    owner.patch(path, {"priority": "high"})
    stale = owner.call("PATCH", path, {"priority": "low"}, headers={"If-Match": '"1"'})
    assert stale.problem == (412, "precondition_failed")
    assert owner.get(path)["priority"] == "high"


@cases.add("RE-24")
def _two_edits_of_one_version(stack: Stack) -> None:
    owner = stack.ours.owner
    team = owner.post("/teams", {"name": "Night", "members": []})

    def rename(name: str) -> Answer:
        return owner.call("PUT", f"/teams/{team['id']}", {"name": name, "members": []}, headers={"If-Match": '"1"'})

    with ThreadPoolExecutor(2) as together:
        answers = list(together.map(rename, ("Early", "Late")))
    assert sorted(answer.status for answer in answers) == [200, 412]


@cases.add("RE-28")
def _agents_at_the_owners_desk(stack: Stack) -> None:
    agent = stack.ours.members["conversation_manager"]
    for verb, path, body in (
        ("POST", "/brands", {"name": "Mine"}),
        ("PATCH", f"/brands/{stack.ours.brand}", {"name": "Mine"}),
        ("GET", "/members", None),
        ("POST", "/api-keys", {"name": "Mine", "grants": [{"role": "client", "brands": None}]}),
        ("POST", "/roles", {"name": "Mine", "permissions": ["inbox.view_all"]}),
        ("GET", "/audit", None),
    ):
        assert agent.call(verb, path, body).problem == (403, "forbidden"), path


@cases.add("RE-31")
def _raising_oneself_and_leaving_nobody_in_charge(stack: Stack) -> None:
    manager = stack.ours.members["community_manager"]
    me = manager.get("/me")["member"]
    above = {"grants": [{"role": "owner", "brands": None}]}
    assert manager.call("PATCH", f"/members/{me}", above).problem == (403, "beyond_own")
    last = founder(stack)
    mine = f"/members/{last.get('/me')['member']}"
    assert last.call("DELETE", mine).problem == (409, "last_owner")
    assert last.call("PATCH", mine, {"grants": [{"role": "client", "brands": None}]}).problem == (409, "last_owner")


@cases.add("RE-32")
def _own_draft_under_four_eyes(stack: Stack) -> None:
    owner, path = stack.ours.owner, asks(stack)
    fan = Fan(stack.connect("telegram", stack.brand(replies={"rules": [{"approvals": 1}]})))
    reply = owner.post(f"/conversations/{fan.starts()['id']}/replies", {"text": "I say so myself"})
    own = owner.call("POST", f"/replies/{reply['id']}/approve", {"hash": reply["hash"]})
    assert (reply["status"], own.problem) == ("pending", (403, "four_eyes"))
    assert owner.call("POST", f"{path}/replies", {"text": "Here nobody has to look"}).status == 202


@cases.add("RE-35")
def _what_is_not_assigned_to_me(stack: Stack) -> None:
    brand, owner = stack.brand(), stack.ours.owner
    path = f"/conversations/{Fan(stack.connect('messenger', brand)).starts()['id']}"
    own = owner.post("/roles", {"name": f"Assigned {number()}", "permissions": ["inbox.view_assigned"]})
    agent = stack.someone(brand, "client", [brand.brand])
    me = agent.get("/me")["member"]
    owner.patch(f"/members/{me}", {"grants": [{"role": own["id"], "brands": [brand.brand]}]})
    assert agent.every("/conversations") == []
    assert agent.every("/replies") == []
    for address in (path, f"{path}/messages", f"{path}/notes", f"{path}/sendability"):
        assert agent.call("GET", address).problem == (404, "not_found")
    owner.post(f"{path}/assign", {"to": me})
    assert [f"/conversations/{conversation['id']}" for conversation in agent.every("/conversations")] == [path]


@cases.add("RE-36")
def _steps_there_are_not(stack: Stack) -> None:
    owner, path = stack.ours.owner, asks(stack)
    reply = owner.post(f"{path}/replies", {"text": "Not yet", "draft": True})
    step = f"/replies/{reply['id']}"
    for name, body in (("approve", {"hash": reply["hash"]}), ("reject", {"reason": "No"})):
        assert owner.call("POST", f"{step}/{name}", body).problem == (409, "wrong_state")
    owner.post(f"{step}/withdraw")
    for name in ("submit", "withdraw"):
        assert owner.call("POST", f"{step}/{name}", {}).problem == (409, "wrong_state")


@cases.add("RE-51")
def _links_that_are_no_good(stack: Stack) -> None:
    guest, agency = person(stack), stack.ours.id
    for token in ("", f"{agency}.inv_0.x", "x", f"{agency}.inv_0", 7, None):
        assert guest.call("POST", "/invitations/accept", {"token": token}).status == 422
    for token in (f"{agency}.inv_0.{'x' * 43}", f"agc_0.inv_0.{'x' * 43}"):
        assert guest.call("POST", "/invitations/accept", {"token": token}).problem == (404, "not_found")


@cases.add("RE-52")
def _invitations_by_the_hundred(stack: Stack) -> None:
    owner = founder(stack)
    grants = [{"role": "client", "brands": None}]

    def invite(which: int) -> Answer:
        return owner.call("POST", "/invitations", {"email": f"p{which}@crowd.example", "grants": grants})

    with ThreadPoolExecutor(8) as together:
        answers = list(together.map(invite, range(130)))  # two minutes' worth and more, should one just end
    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.problem for answer in refused} == {(429, "too_many")}
    assert 0 < int(refused[0].headers["retry-after"]) <= 60
    assert 60 <= len(answers) - len(refused) <= 120


@cases.add("AU-23")
def _address_of_a_member_in_another_pool_account(stack: Stack) -> None:
    email = stack.ours.owner.every("/members")[0]["email"]
    impostor = person(stack, f"x{number()}+{email}")
    assert impostor.call("GET", "/me").problem == (403, "no_agency")


@cases.add("AU-25")
def _address_in_other_letters_opens_nothing(stack: Stack) -> None:
    owner, email = founder(stack), f"zoe{number()}@new.example"
    owner.post("/invitations", {"email": email, "grants": [{"role": "client", "brands": None}]})
    other = person(stack, email.replace("zoe", "zo\N{LATIN SMALL LETTER E WITH ACUTE}"))
    assert other.call("GET", "/me").problem == (403, "no_agency")


@cases.add("AU-31")
def _keys_that_are_no_good(stack: Stack) -> None:
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    made: Any = stack.ours.owner.post("/api-keys", {"name": "Short-lived", "grants": grants})
    key = made["key"]
    assert Member(stack.api, key).get("/me")["kind"] == "key"
    for wrong in (key[:-1], key + "x", key.swapcase(), key.replace("_", "-", 1), "pal_" + "0" * 43, key[:8]):
        assert Member(stack.api, wrong).call("GET", "/me").problem == (401, "unauthenticated")
    assert Member(stack.api, key, stack.theirs.id).call("GET", "/me").problem == (403, "other_agency")
    stack.ours.owner.delete(f"/api-keys/{made['id']}")
    assert Member(stack.api, key).call("GET", "/me").problem == (401, "unauthenticated")


@cases.add("AU-32")
def _key_of_strange_bytes(stack: Stack) -> None:
    for strange in (b"Bearer pal_\xff\xfe", "Bearer pal_é".encode(), b"Bearer \xf0\x9f\x94\x91"):
        answer = ask("GET", f"{stack.api}/me", headers={"Authorization": strange.decode("latin-1")})
        assert answer.problem == (401, "unauthenticated")


@cases.add("AU-37")
def _member_taken_out_between_two_calls(stack: Stack) -> None:
    gone = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    me = gone.get("/me")["member"]
    stack.ours.owner.delete(f"/members/{me}")
    assert gone.call("GET", "/me").problem == (403, "no_agency")
