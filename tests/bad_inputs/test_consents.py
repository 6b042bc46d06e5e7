"""What comes back from a network's page, and what is asked for around it: states, codes, addresses, accounts."""

import json

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.channels import channels, claims
from chalicelib.jobs import jobs
from chalicelib.jobs.jobs import Portion
from chalicelib.store import due, fence, keys, table
from chalicelib.store.models.channels import Upkeep
from chalicelib.store.models.work import Job
from chalicelib.upkeep import probes, renewals, upkeeps
from tests.support import audits, consenting
from tests.support.cases import Cases
from tests.support.dying import MOMENTS, dying
from tests.support.people import Fan
from tests.support.stack import Member, Stack, ask, eventually

cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


@cases.add("OA-01")
def _state_that_is_not_ours(stack: Stack) -> None:
    begun, place = consenting.begun(stack.ours), f"{stack.api.removesuffix('/v1')}/connected"
    right = consenting.told(ours := consenting.local(stack, consenting.followed(begun["url"])))["state"]
    agency, id, secret = right.split(".")
    other = consenting.told(begun_by_others := consenting.begun(stack.theirs)["url"])["state"]
    assert other in begun_by_others
    wrong = ("", f"{agency}.{id}.x", f"{other.partition('.')[0]}.{id}.{secret}", f"{right}x", right.upper(), "x" * 3000)
    for query in ("code=1", *(f"code=1&state={state}" for state in wrong)):
        assert ask("GET", f"{place}?{query}").status == 400
    assert stack.ours.owner.get(f"/consents/{begun['id']}")["status"] == "open"
    consenting.followed(ours)
    assert ask("GET", ours).status == 400  # it counts once


@cases.add("OA-02")
def _code_that_is_refused_and_what_is_added(stack: Stack) -> None:
    begun = consenting.begun(stack.ours)
    ours = consenting.local(stack, consenting.followed(begun["url"]))
    code = consenting.told(ours)["code"]
    consenting.followed(f"{ours}&iss=https%3A%2F%2Fevil.example&scope=all")
    again = consenting.begun(stack.ours)
    replayed = consenting.local(stack, consenting.followed(again["url"]))
    consenting.followed(replayed.replace(consenting.told(replayed)["code"], code))
    consents = [stack.ours.owner.get(f"/consents/{consent['id']}") for consent in (begun, again)]
    assert [consent["status"] for consent in consents] == ["granted", "refused"]
    assert consents[1]["accounts"] == []
    denied = consenting.begun(stack.ours)
    assert consenting.told(consenting.consented(stack, denied, deny="1"))["status"] == "refused"


@cases.add("OA-03")
def _address_that_leads_elsewhere(stack: Stack) -> None:
    asked = {"brand": stack.ours.brand, "network": "example"}
    wrong = (
        *("//evil.example", "\\\\evil.example", "/\\evil.example", "data:text/html,x", "javascript:alert(1)"),
        *("https:evil.example", "https:///evil", "https://app.example\\@evil.example", "https://a@evil.example/"),
        *("http://evil.example/", "https://a.example/\r\nX: y", "https://"),
    )
    for address in wrong:
        answer = stack.ours.owner.call("POST", "/consents", {**asked, "return_to": address})
        assert answer.status in (400, 422), address
        assert answer.problem[1] in ("invalid", "address_scheme"), address
    begun = consenting.begun(stack.ours)
    [back] = [consenting.told(begun["url"])["redirect_uri"]]
    assert back.endswith("/connected")  # nobody but us says where the network leads back to


@cases.add("OA-04")
def _account_that_another_agency_has(stack: Stack) -> None:
    shop = consenting.shop()
    token = {"token": f"token{shop.removeprefix('shop')}"}
    fan = Fan(stack.connect("example", stack.theirs, account=shop, credentials=token))
    asked = {"brand": stack.ours.brand, "network": "example", "account": shop, "credentials": token}
    for _ in range(2):
        answer = stack.ours.owner.call("POST", "/channels", asked)
        assert answer.problem == (409, "account_taken")
    assert stack.theirs.id not in answer.raw.decode() and fan.channel.id not in answer.raw.decode()
    fan.channel.message(fan.says("Still theirs"))
    assert shop not in json.dumps(stack.ours.owner.every("/channels", limit=100))
    mine = [entry["after"] for entry in audits.recent(stack.ours.owner, action="channel.refuse")]
    assert [refusal for refusal in mine if refusal["account"] == shop] == 2 * [
        {"network": "example", "account": shop, "code": "account_taken"}
    ]
    wanted = {"target": fan.channel.id, "action": "channel.claim"}
    eventually(lambda: audits.recent(stack.theirs.owner, **wanted))
    with fence.within(stack.theirs.id):
        for later in (clock.HOUR, 2 * clock.DAY, 2 * clock.DAY):
            claims.record_claim(stack.theirs.id, fan.channel.id, clock.now() + later)
    entries = audits.recent(stack.theirs.owner, **wanted)
    assert [entry["after"] for entry in entries] == 2 * [{"network": "example", "account": shop}]  # once a day
    assert stack.ours.id not in json.dumps(entries) and stack.ours.owner.get("/me")["member"] not in json.dumps(entries)


@cases.add("OA-05")
def _new_credentials_from_who_may_not(stack: Stack) -> None:
    channel = stack.connect("example")
    agent = stack.someone(stack.ours, "moderator", [stack.ours.brand])
    place = f"/channels/{channel.id}"
    assert agent.call("PUT", f"{place}/credentials", {"token": "token1"}).problem == (403, "forbidden")
    assert agent.call("POST", "/consents", {"brand": stack.ours.brand, "network": "example"}).status == 403
    assert agent.call("POST", f"{place}/repair", {}).status == 403


@cases.add("OA-06")
def _token_of_a_minute_that_nobody_renews(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    consenting.consented(stack, begun, shop, without="comments")
    [made] = consenting.connected(stack.ours, begun["id"], shop)
    id, now = made["channel"], clock.now()
    assert "hide" not in stack.ours.owner.get(f"/channels/{id}/health")["can"]
    with fence.within(stack.ours.id):
        kept = upkeeps.of(stack.ours.id, id)
        table.update(Upkeep(kept.pk, kept.sk), [Upkeep.renew_at.set(now)])
        stack.behave("example", "serve", path="/oauth/token", status=400, body='{"error": "invalid_grant"}')
        assert [renewals.renew(actors.system(stack.ours.id), id, now, now) for _ in range(2)] == ["lost", "gone"]
    shown = stack.ours.owner.get(f"/channels/{id}/health")
    assert (shown["health"], len(shown["incidents"])) == ("expired", 1)


@cases.add("OA-10")
def _deletion_that_was_guessed(stack: Stack) -> None:
    place = f"{stack.api.removesuffix('/v1')}/meta/deletion"
    for code in ("1", "0-0", f"{clock.now() // 1000}-{'0' * 24}", "x" * 500, "-", "é", "..%2F.."):
        assert ask("GET", f"{place}/{code}").status in (400, 404), code


@cases.add("OA-11")
def _link_that_is_looked_at_before_anybody_clicks(stack: Stack) -> None:
    link = stack.ours.owner.post("/connect-links", {"brand": stack.ours.brand, "networks": ["example"]})
    page = link["url"].partition("#")[0].replace(link["url"].split("/connect")[0], stack.api.removesuffix("/v1"))
    for _ in range(2):
        assert ask("GET", page).status == 200
    listed = stack.ours.owner.every("/connect-links", limit=100)
    assert [row["status"] for row in listed if row["id"] == link["id"]] == ["open"]
    tampered = link["url"].partition("#")[2][:-1] + "_"
    assert Member(stack.api, "").call("POST", "/connecting", {"token": tampered}).problem == (404, "not_found")


@cases.add("OA-12")
def _look_that_is_due_twice_and_three_hours_late(stack: Stack) -> None:
    channel = stack.connect("example")
    with fence.within(stack.ours.id):
        when = channels.get(stack.ours.id, channel.id).created_at + clock.DAY
        for _ in range(2):
            probes.begin(actors.system(stack.ours.id), channel.id, when, when + 3 * clock.HOUR, stack.hooks)
    asked = [call for call in stack.requests("example", channel.token) if call["path"] == "/v1/me"]
    assert len(asked) == 2  # when it was connected, and once since
    dues = [item for item in due.now_due(when + 3 * clock.DAY) if (item.target, item.kind) == (channel.id, "probe")]
    assert sorted(int(item.when) for item in dues) == [when, when + clock.DAY]


@cases.add("OA-13")
def _job_that_is_killed_anywhere(stack: Stack) -> None:
    portions = {"": Portion(2, "b"), "b": Portion(3, "c"), "c": Portion(1, None)}
    kinds = {"count": lambda actor, parameters, position, now: portions[position]}
    with fence.within(stack.ours.id):
        for moment in MOMENTS:
            job = _job(stack, f"job_{clock.now()}{moment}")
            for died in (moment, None, None, None, None):
                with dying(-1 if died is None else died, "UpdateItem", "TransactWriteItems"):
                    jobs.go_on(job.pk, job.id, kinds, clock.now())
            stored = table.get(Job, job.pk, job.sk)
            assert stored and (stored.status, stored.done) == ("done", 6)


def _job(stack: Stack, id: str) -> Job:
    from chalicelib.people import members

    me, now = stack.ours.owner.get("/me")["member"], clock.now()
    [subject] = [member.subject for member in members.every(stack.ours.id) if member.id == me]
    made = Job(
        stack.ours.id, keys.noun(id), id=id, kind="count", status="running", by=me, subject=subject,
        needs=["audit.view"], parameters={}, done=0, created_at=now, updated_at=now, expires=now // 1000 + 3600,
    )  # fmt: skip
    table.put(made)
    return made
