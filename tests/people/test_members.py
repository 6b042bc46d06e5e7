"""Who may what: members come and go, roles change, keys open and close, and the audit knows of all of it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from local import seed
from tests.support import audits
from tests.support.stack import Member, Stack, ask, eventually, number


def test_new_person_founds_an_agency_and_owns_it(stack: Stack) -> None:
    _, token = seed.sign_up(f"founder{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    founder = Member(stack.api, token)
    assert founder.call("GET", "/me").problem == (403, "no_agency")
    made = founder.post("/agencies", {"name": "Atelier Neuf"})
    me = founder.get("/me")
    assert (me["agency"], me["grants"][0]["role"], me["grants"][0]["brands"]) == (made["id"], "owner", None)


def test_sign_up_repeated_with_its_key_founds_one_agency(stack: Stack) -> None:
    _, token = seed.sign_up(f"founder{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    founder, key = Member(stack.api, token), {"Idempotency-Key": "sign-up"}
    first, again = (founder.call("POST", "/agencies", {"name": "Une fois"}, headers=key) for _ in range(2))
    assert (first.status, first.raw) == (201, again.raw)
    assert founder.get("/me")["agency"] == first.json["id"]


def test_last_owner_stays(stack: Stack) -> None:
    owner = stack.theirs.owner
    [last] = [member for member in owner.every("/members") if member["grants"][0]["role"] == "owner"]
    demoted = {"grants": [{"role": "client", "brands": None}]}
    assert owner.call("DELETE", f"/members/{last['id']}").problem == (409, "last_owner")
    assert owner.call("PATCH", f"/members/{last['id']}", demoted).problem == (409, "last_owner")


def test_invited_person_joins_with_the_link_once(stack: Stack) -> None:
    email = f"guest{number()}@new.example"
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    stack.ours.owner.post("/invitations", {"email": email.upper(), "grants": grants, "language": "fr"})
    link = {"token": link_in_mail(stack, email)}
    assert "vous invite" in mails_to(stack, email)
    _, other = seed.sign_up(f"other{number()}@new.example", stack.platform.outputs, stack.platform.endpoint)
    assert Member(stack.api, other).call("POST", "/invitations/accept", link).status == 404
    _, token = seed.sign_up(email, stack.platform.outputs, stack.platform.endpoint)
    guest = Member(stack.api, token)
    member = guest.post("/invitations/accept", link)
    assert (member["email"], member["language"]) == (email, "fr")
    assert guest.put("/me/language", {"language": "pt"})["language"] == "pt"
    assert guest.put("/me/language", {"language": None})["language"] is None
    assert guest.get("/me")["grants"][0]["role"] == "moderator"
    assert guest.call("POST", "/invitations/accept", link).status == 404


def test_invitation_taken_back_lets_nobody_in(stack: Stack) -> None:
    email = f"guest{number()}@new.example"
    grants = [{"role": "moderator", "brands": [stack.ours.brand]}]
    made = stack.ours.owner.post("/invitations", {"email": email, "grants": grants})
    link = {"token": link_in_mail(stack, email)}
    stack.ours.owner.delete(f"/invitations/{made['id']}")
    _, token = seed.sign_up(email, stack.platform.outputs, stack.platform.endpoint)
    assert Member(stack.api, token).call("POST", "/invitations/accept", link).status == 404


def link_in_mail(stack: Stack, to: str) -> str:
    """The token in the mail SES was given for that address."""

    def sent() -> str:
        tokens: list[str] = re.findall(r"invitations/([A-Za-z0-9_.-]+)", mails_to(stack, to))
        return tokens[-1] if tokens else ""

    return eventually(sent)


def mails_to(stack: Stack, to: str) -> str:
    listed = ask("GET", f"{stack.platform.endpoint}/_ministack/ses/messages").raw.decode()
    of_accounts = json.loads(listed)["messages"].values()
    return " ".join(json.dumps(mail) for mails in of_accounts for mail in mails if to in json.dumps(mail).lower())


def test_nobody_gives_what_they_do_not_hold(stack: Stack) -> None:
    manager = stack.ours.members["community_manager"]
    for grants in ([{"role": "owner", "brands": None}], [{"role": "moderator", "brands": None}]):
        answer = manager.call("POST", "/invitations", {"email": "friend@new.example", "grants": grants})
        assert answer.problem == (403, "beyond_own")


def test_changed_role_counts_from_the_next_request(stack: Stack) -> None:
    owner = stack.ours.owner
    made = owner.post("/roles", {"name": "Night shift", "permissions": ["inbox.view_all", "moderation.hide"]})
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    id = person.get("/me")["member"]
    owner.patch(f"/members/{id}", {"grants": [{"role": made["id"], "brands": [stack.ours.brand]}]})
    assert person.get("/me")["grants"][0]["permissions"] == ["inbox.view_all", "moderation.hide"]
    fewer = {"name": "Night shift", "permissions": ["inbox.view_all"]}
    assert owner.call("PUT", f"/roles/{made['id']}", fewer, headers={"If-Match": '"1"'}).status == 200
    assert person.get("/me")["grants"][0]["permissions"] == ["inbox.view_all"]
    assert owner.call("PUT", f"/roles/{made['id']}", fewer, headers={"If-Match": '"1"'}).status == 412
    assert owner.call("DELETE", f"/roles/{made['id']}").problem == (409, "role_held")
    owner.delete(f"/members/{id}")
    owner.delete(f"/roles/{made['id']}")
    assert made["id"] not in [role["id"] for role in owner.get("/roles")["items"]]


def test_team_that_is_taken_away_leaves_its_members(stack: Stack) -> None:
    owner = stack.ours.owner
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    made = owner.post("/teams", {"name": f"Team {number()}", "members": [person.get("/me")["member"]]})
    owner.delete(f"/teams/{made['id']}")
    assert made["id"] not in [team["id"] for team in owner.every("/teams")]
    assert person.get("/me")["grants"][0]["role"] == "moderator"


def test_removed_member_is_out_at_once(stack: Stack) -> None:
    person = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    stack.ours.owner.delete(f"/members/{person.get('/me')['member']}")
    assert person.call("GET", "/me").problem == (403, "no_agency")


def test_key_is_shown_once_and_dies_when_revoked(stack: Stack) -> None:
    owner = stack.ours.owner
    grants = [{"role": "conversation_manager", "brands": [stack.ours.brand]}]
    made = owner.post("/api-keys", {"name": "Bot", "grants": grants})
    key = Member(stack.api, made["key"])
    assert key.get("/me")["kind"] == "key"
    listed = owner.every("/api-keys")
    assert made["key"] not in json.dumps(listed)
    assert next(row for row in listed if row["id"] == made["id"])["used_at"]
    owner.delete(f"/api-keys/{made['id']}")
    assert key.call("GET", "/me").problem == (401, "unauthenticated")


def test_key_opens_only_from_its_addresses_and_until_its_end(stack: Stack) -> None:
    grants = [{"role": "client", "brands": [stack.ours.brand]}]
    elsewhere = stack.ours.owner.post("/api-keys", {"name": "Far", "grants": grants, "ranges": ["203.0.113.0/24"]})
    assert Member(stack.api, elsewhere["key"]).call("GET", "/me").problem == (401, "unauthenticated")
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    brief = Member(
        stack.api, stack.ours.owner.post("/api-keys", {"name": "B", "grants": grants, "expires_at": soon})["key"]
    )
    assert eventually(lambda: brief.call("GET", "/me").status == 401)


def test_audit_tells_who_did_what_and_proves_itself(stack: Stack) -> None:
    brand = stack.ours.owner.post("/brands", {"name": "Audited"})["id"]
    stack.ours.members["moderator"].call("DELETE", "/channels/chn_0")
    entries = eventually(lambda: audits.recent(stack.ours.owner, target=brand))
    assert [(entry["action"], entry["performed_by"]["kind"]) for entry in entries] == [("brand.create", "member")]
    denied = audits.recent(stack.ours.owner, action="access.denied")
    assert "disconnect_channel" in [entry["target"] for entry in denied]
    assert eventually(lambda: not stack.ours.owner.get("/audit/verification")["waiting"])
    assert stack.ours.owner.get("/audit/verification")["intact"]


def test_settings_that_make_no_sense_are_refused(stack: Stack) -> None:
    brand = stack.ours.owner.post("/brands", {"name": "Hours"})["id"]
    wrong: tuple[dict[str, Any], ...] = (
        {"time_zone": "Mars/Base"},
        {"hours": {"monday": [["09:00", "12:00"], ["11:00", "18:00"]]}},
        {"hours": {"someday": []}},
        {"holidays": ["2026-02-30"]},
        {"replies": {"rules": [{"approvals": 1, "by": ["nobody"]}]}},
    )
    for settings in wrong:
        assert stack.ours.owner.call("PATCH", f"/brands/{brand}", {"settings": settings}).status == 422
