"""Nobody acts beyond what they hold: not for another brand, not through a role, a key, an invitation or a team."""

import json
from typing import Any

import pytest

from chalicelib import page
from chalicelib.store import fence, table
from chalicelib.store.models.people import Agency as Tenant
from local import seed
from tests.people.test_members import link_in_mail
from tests.support.background import replayed
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, number


@pytest.fixture(scope="module")
def other(stack: Stack) -> str:
    """Another brand of ours."""
    return str(stack.ours.owner.post("/brands", {"name": f"Brand {number()}"})["id"])


def signed_up(stack: Stack, email: str = "") -> Member:
    email = email or f"new{number()}@new.example"
    return Member(stack.api, seed.sign_up(email, stack.platform.outputs, stack.platform.endpoint)[1])


def joined(stack: Stack, owner: Member, grants: list[dict[str, Any]]) -> Member:
    """Somebody who came with the link of an invitation."""
    email = f"guest{number()}@new.example"
    owner.post("/invitations", {"email": email, "grants": grants})
    guest = signed_up(stack, email)
    guest.post("/invitations/accept", {"token": link_in_mail(stack, email)})
    return guest


def test_owner_of_a_brand_is_no_owner_of_the_agency(stack: Stack) -> None:
    founder = signed_up(stack)
    id = founder.post("/agencies", {"name": "Two"})["id"]
    brand = founder.post("/brands", {"name": "One"})["id"]
    joined(stack, founder, [{"role": "owner", "brands": [brand]}])
    with fence.within(id):
        tenant = table.get(Tenant, id, "agency")
    assert tenant
    assert tenant.owners == 1
    me = founder.get("/me")["member"]
    assert founder.call("DELETE", f"/members/{me}").problem == (409, "last_owner")


def test_narrowed_role_reaches_keys_and_those_still_to_come(stack: Stack) -> None:
    owner, name = stack.ours.owner, f"Role {number()}"
    role = owner.post("/roles", {"name": name, "permissions": ["inbox.view_all", "note.write"]})["id"]
    grants = [{"role": role, "brands": [stack.ours.brand]}]
    made = owner.post("/api-keys", {"name": "Bot", "grants": grants})
    email = f"guest{number()}@new.example"
    owner.post("/invitations", {"email": email, "grants": grants})
    owner.put(f"/roles/{role}", {"name": name, "permissions": ["inbox.view_all"]})
    guest = signed_up(stack, email)
    guest.post("/invitations/accept", {"token": link_in_mail(stack, email)})
    for holder in (guest, Member(stack.api, made["key"])):
        assert holder.get("/me")["grants"][0]["permissions"] == ["inbox.view_all"]


@pytest.mark.parametrize("holder", ["api-keys", "invitations"])
def test_role_that_a_key_or_an_invitation_holds_stays(stack: Stack, holder: str) -> None:
    owner = stack.ours.owner
    role = owner.post("/roles", {"name": "Held", "permissions": ["note.write"]})["id"]
    who = {"name": "Bot"} if holder == "api-keys" else {"email": f"guest{number()}@new.example"}
    made = owner.post(f"/{holder}", {**who, "grants": [{"role": role, "brands": None}]})
    assert owner.call("DELETE", f"/roles/{role}").problem == (409, "role_held")
    owner.delete(f"/{holder}/{made['id']}")
    owner.delete(f"/roles/{role}")


def test_members_of_other_brands_do_not_exist_for_who_manages_one(stack: Stack, other: str) -> None:
    stranger = stack.someone(stack.ours, "client", [other]).get("/me")["member"]
    mine = stack.someone(stack.ours, "client", [stack.ours.brand]).get("/me")["member"]
    manager = stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    shown = [member["id"] for member in manager.every("/members")]
    assert (mine in shown, stranger in shown) == (True, False)
    for verb, body in (("GET", None), ("PATCH", {"grants": [{"role": "client", "brands": [other]}]}), ("DELETE", None)):
        assert manager.call(verb, f"/members/{stranger}", body).problem == (404, "not_found")
    owner = stack.ours.owner.get("/me")["member"]
    assert manager.call("DELETE", f"/members/{owner}").problem == (403, "beyond_own")
    assert manager.delete(f"/members/{mine}")["ended"] == []


def test_invitations_of_other_brands_and_of_more_than_ones_own_stay(stack: Stack, other: str) -> None:
    owner, manager = stack.ours.owner, stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    made = {
        name: owner.post("/invitations", {"email": f"i{number()}@new.example", "grants": [grant]})["id"]
        for name, grant in {
            "mine": {"role": "client", "brands": [stack.ours.brand]},
            "theirs": {"role": "client", "brands": [other]},
            "above": {"role": "owner", "brands": None},
        }.items()
    }
    shown = [invitation["id"] for invitation in manager.every("/invitations")]
    assert [name for name, id in made.items() if id in shown] == ["mine", "above"]
    assert manager.call("DELETE", f"/invitations/{made['theirs']}").problem == (404, "not_found")
    assert manager.call("DELETE", f"/invitations/{made['above']}").problem == (403, "beyond_own")
    assert manager.delete(f"/invitations/{made['mine']}") == {}
    assert made["mine"] not in [invitation["id"] for invitation in owner.every("/invitations")]


def test_keys_are_revoked_by_who_holds_as_much_and_made_by_people(stack: Stack, other: str) -> None:
    owner = stack.ours.owner
    role = owner.post("/roles", {"name": "Keys", "permissions": ["api_key.manage", "note.write"]})["id"]
    mine = [{"role": role, "brands": [stack.ours.brand]}]
    holder = joined(stack, owner, mine)
    made = {
        name: owner.post("/api-keys", {"name": name, "grants": grants})
        for name, grants in {
            "mine": mine,
            "theirs": [{"role": role, "brands": [other]}],
            "above": [{"role": "owner", "brands": None}],
        }.items()
    }
    shown = [key["id"] for key in holder.every("/api-keys")]
    assert [name for name, key in made.items() if key["id"] in shown] == ["mine", "above"]
    assert holder.call("DELETE", f"/api-keys/{made['theirs']['id']}").problem == (404, "not_found")
    assert holder.call("DELETE", f"/api-keys/{made['above']['id']}").problem == (403, "beyond_own")
    key = Member(stack.api, made["mine"]["key"])
    assert key.call("POST", "/api-keys", {"name": "Heir", "grants": mine}).problem == (403, "keys_do_not_make_keys")
    assert holder.delete(f"/api-keys/{made['mine']['id']}") == {}


def test_what_is_the_agencys_is_not_for_who_holds_it_for_a_brand(stack: Stack) -> None:
    brand_owner = stack.someone(stack.ours, "owner", [stack.ours.brand])
    role = stack.ours.owner.post("/roles", {"name": "Free", "permissions": ["note.write"]})
    same = {"name": "Free", "permissions": ["note.write"]}
    tried = [
        brand_owner.call("POST", "/brands", {"name": "Mine"}),
        brand_owner.call("POST", "/roles", same),
        brand_owner.call("PUT", f"/roles/{role['id']}", same),
        brand_owner.call("DELETE", f"/roles/{role['id']}"),
        brand_owner.call("PUT", "/attributes/mine", {"title": "Mine", "type": "text", "brands": [stack.ours.brand]}),
        brand_owner.call("DELETE", "/attributes/mine"),
    ]
    assert [answer.problem for answer in tried] == [(403, "forbidden")] * len(tried)


def test_what_is_managed_for_one_brand_is_not_given_for_another(stack: Stack, other: str) -> None:
    """Holding a role for the other brand is not managing its members."""
    person = stack.someone(stack.ours, "client", [stack.ours.brand])
    grants = [
        {"role": "community_manager", "brands": [stack.ours.brand]},
        {"role": "moderator", "brands": [other]},
    ]
    stack.ours.owner.patch(f"/members/{person.get('/me')['member']}", {"grants": grants})
    asked = {"email": f"i{number()}@new.example", "grants": [{"role": "moderator", "brands": [other]}]}
    assert person.call("POST", "/invitations", asked).problem == (403, "beyond_own")


def test_teams_are_changed_by_who_manages_all_in_them(stack: Stack, other: str) -> None:
    owner, manager = stack.ours.owner, stack.someone(stack.ours, "community_manager", [stack.ours.brand])
    mine, stranger = (
        stack.someone(stack.ours, "moderator", [brand]).get("/me")["member"] for brand in (stack.ours.brand, other)
    )
    theirs, both, own = (
        owner.post("/teams", {"name": f"Team {number()}", "members": members})["id"]
        for members in ([stranger], [mine, stranger], [mine])
    )
    shown = [team["id"] for team in manager.every("/teams")]
    assert [team in shown for team in (theirs, both, own)] == [False, True, True]
    empty = {"name": "Empty", "members": []}
    assert manager.call("PUT", f"/teams/{theirs}", empty).problem == (404, "not_found")
    assert manager.call("PUT", f"/teams/{both}", empty).problem == (403, "beyond_own")
    assert manager.call("DELETE", f"/teams/{both}").problem == (403, "beyond_own")
    assert manager.call("PUT", f"/teams/{own}", {"name": "A", "members": [stranger]}).problem == (
        422,
        "unknown_reference",
    )
    assert manager.put(f"/teams/{own}", empty)["members"] == []


def test_who_leaves_the_agency_leaves_its_teams(stack: Stack) -> None:
    owner = stack.ours.owner
    gone, stays = (stack.someone(stack.ours, "moderator", [stack.ours.brand]).get("/me")["member"] for _ in range(2))
    made = owner.post("/teams", {"name": f"Team {number()}", "members": [gone, stays]})
    owner.delete(f"/members/{gone}")
    [team] = [team for team in owner.every("/teams") if team["id"] == made["id"]]
    assert (team["members"], team["version"]) == ([stays], 2)
    assert owner.put(f"/teams/{team['id']}", {"name": "Smaller", "members": [stays]})["name"] == "Smaller"
    owner.delete(f"/teams/{team['id']}")


def test_full_team_is_swapped_for_another(stack: Stack) -> None:
    owner = stack.ours.owner
    people = [stack.someone(stack.ours, "client", [stack.ours.brand]).get("/me")["member"] for _ in range(80)]
    team = owner.post("/teams", {"name": f"Team {number()}", "members": people[:40]})["id"]
    assert owner.put(f"/teams/{team}", {"name": "Others", "members": people[40:]})["members"] == sorted(people[40:])


def test_ledger_is_read_for_the_brands_whose_audit_one_reads(stack: Stack, other: str) -> None:
    there = Fan(stack.connect("telegram", Agency(stack.ours.id, other, stack.ours.members)))
    there.starts()
    there.channel.settled()
    reader = stack.someone(stack.ours, "client", [other])
    role = stack.ours.owner.post("/roles", {"name": "Auditor", "permissions": ["audit.view", "ingest.replay"]})["id"]
    grants = [{"role": role, "brands": [stack.ours.brand]}, {"role": "moderator", "brands": [other]}]
    stack.ours.owner.patch(f"/members/{reader.get('/me')['member']}", {"grants": grants})
    assert reader.get("/ingest/entries", channel=there.channel.id)["items"] == []
    again = {"since": there.channel.since, "until": "2100-01-01T00:00:00Z", "channel": there.channel.id}
    assert replayed(reader, again) == 0


def test_policy_for_replies_is_decided_by_who_approves_them(stack: Stack) -> None:
    owner = stack.ours.owner
    brand = owner.post("/brands", {"name": f"Brand {number()}"})["id"]
    role = owner.post("/roles", {"name": "Editor", "permissions": ["editorial_line.edit", "reply.public.propose"]})
    editor = joined(stack, owner, [{"role": role["id"], "brands": [brand]}])
    manager = stack.someone(stack.ours, "community_manager", [brand])
    brand_owner = stack.someone(stack.ours, "owner", [brand])

    def tried(who: Member, **replies: object) -> int:
        answer = who.call("PATCH", f"/brands/{brand}", {"settings": {"replies": replies}})
        assert answer.status == 200 or answer.problem == (403, "cannot_change_policy")
        return answer.status

    assert editor.patch(f"/brands/{brand}", {"settings": {"languages": ["fr"]}})["version"] == 2
    assert [tried(editor, rules=[{"approvals": count}]) for count in (0, 2)] == [403, 403]
    assert tried(manager, rules=[{"approvals": 2}]) == 200
    assert tried(manager, rules=[{"approvals": 1}]) == 403
    assert tried(manager, rules=[{"approvals": 2}], own_approval=True) == 403
    assert tried(editor, rules=[{"approvals": 2}], expire_hours=24) == 200
    assert tried(brand_owner, rules=[{"approvals": 1}], own_approval=True) == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"replies": {"rules": [{"approvals": 1, "by": ["{role}"]}]}},
        {"assignment": {"mode": "off", "roles": ["{role}"]}},
    ],
)
def test_settings_name_only_roles_there_are(stack: Stack, settings: dict[str, object]) -> None:
    owner, path = stack.ours.owner, f"/brands/{stack.ours.owner.post('/brands', {'name': 'B'})['id']}"
    role = owner.post("/roles", {"name": "There", "permissions": ["note.write"]})["id"]
    theirs = stack.theirs.owner.post("/roles", {"name": "Not here", "permissions": ["note.write"]})["id"]
    for id, status in ((role, 200), (theirs, 422), ("rol_0", 422)):
        body = json.loads(json.dumps({"settings": settings}).replace("{role}", id))
        assert owner.call("PATCH", path, body).status == status


def test_what_changed_since_it_was_read_is_not_taken_away(stack: Stack) -> None:
    owner, old = stack.ours.owner, {"If-Match": '"7"'}
    role = owner.post("/roles", {"name": "Brief", "permissions": ["note.write"]})["id"]
    team = owner.post("/teams", {"name": "Brief", "members": []})["id"]
    member = stack.someone(stack.ours, "client", [stack.ours.brand]).get("/me")["member"]
    brand = owner.post("/brands", {"name": "Brief"})["id"]
    gone = [("DELETE", f"/roles/{role}"), ("DELETE", f"/teams/{team}"), ("DELETE", f"/members/{member}")]
    for verb, path in [*gone, ("POST", f"/brands/{brand}/archive"), ("POST", f"/brands/{brand}/restore")]:
        body: dict[str, Any] | None = {} if verb == "POST" else None
        assert owner.call(verb, path, body, headers=old).problem == (412, "precondition_failed")
        assert owner.call(verb, path, body).status == 200


@pytest.mark.parametrize("position", [5, [1], ["a", 1], {"a": 1}, None, "\ud800", "x" * 1100, [10**400, "a"]])
def test_forged_cursor_is_refused_on_every_list(stack: Stack, position: object) -> None:
    """The scope of the audit's list and of its proof can be known to anybody."""
    for path, scope in (("/audit", "audit"), ("/audit/verification", "verification")):
        forged = page.cursor(f"{scope}|{stack.ours.id}", position)
        assert stack.ours.owner.call("GET", path, cursor=forged).problem == (400, "bad_cursor")


@pytest.mark.parametrize("edge", ["", "a", "zzz"])
def test_forged_edge_of_the_right_kind_finds_nothing_strange(stack: Stack, edge: str) -> None:
    forged = page.cursor(f"audit|{stack.ours.id}", edge)
    assert stack.ours.owner.call("GET", "/audit", cursor=forged).status == 200
