"""Endpoints as the API makes, changes and shows them: nobody gets more than they hold, and no secret twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.webhooks import signatures
from chalicelib.webhooks.endpoints import MOST
from tests.people.test_grants import signed_up
from tests.support.answer_contract import Answer
from tests.support.stack import Member, Stack, number

PATH = "/webhook-endpoints"


@pytest.fixture(scope="module")
def owner(stack: Stack) -> Member:
    """The owner of an agency of their own."""
    founder = signed_up(stack)
    founder.post("/agencies", {"name": "Hooked"})
    return founder


@pytest.fixture
def endpoint(owner: Member) -> Iterator[Any]:
    made = owner.post(PATH, wanted())
    yield made
    owner.call("DELETE", f"{PATH}/{made['id']}")


def wanted(**more: Any) -> dict[str, Any]:
    return {"url": f"https://r{number()}.hooks.example/palabre", "classes": ["messages"], **more}


def test_endpoint_is_made_with_what_its_receiver_needs(owner: Member) -> None:
    asked = wanted(
        description="CRM", events=["message", "reply.sent"], networks=["telegram"], surfaces=["dm"], detail="full",
        headers={"Authorization": "Bearer hush"},
    )  # fmt: skip
    made = owner.post(PATH, asked)
    shown = owner.get(f"{PATH}/{made['id']}")
    assert made == {**shown, "secret": made["secret"]}
    assert made["secret"].startswith("whsec_")
    assert {name: shown[name] for name in asked if name != "headers"} == {
        name: value for name, value in asked.items() if name != "headers"
    }
    assert (shown["header_names"], shown["state"], shown["brands"]) == (["authorization"], "listening", None)
    assert "hush" not in str(shown)
    assert shown in owner.every(PATH)
    owner.delete(f"{PATH}/{made['id']}")
    assert owner.call("GET", f"{PATH}/{made['id']}").status == 404


# OU-29
def test_address_is_told_once_and_there_are_twenty(stack: Stack) -> None:
    owner = signed_up(stack)
    owner.post("/agencies", {"name": "Many"})
    first, *_ = [owner.post(PATH, wanted()) for _ in range(MOST)]
    same = wanted(url=first["url"].replace("https://r", "https://R"))
    assert owner.call("POST", PATH, same).problem == (409, "address_taken")
    assert owner.call("POST", PATH, wanted()).problem == (422, "too_many_endpoints")
    owner.delete(f"{PATH}/{first['id']}")
    owner.post(PATH, same)


BAD_URLS = {
    "OU-02": "http://a.example", "OU-04": "https://user:pw@a.example", "OU-06": "https://a.example/#x",
    "OU-07": "https://a.example:22", "OU-08": "https://localhost", "OU-10": "https://2130706433",
    "OU-11": "https://10.0.0.1", "OU-13": "https://169.254.169.254/latest", "OU-14": "https://[::1]",
    "OU-15": "https://[::ffff:127.0.0.1]", "OU-16": "https://[64:ff9b::a9fe:a9fe]", "OU-17": "https://[2002:7f00:1::]",
    "OU-18": "https://[fd00:ec2::254]", "OU-24": "https://x.execute-api.eu-west-1.amazonaws.com",
    "OU-25": "https://p\u0430ypal.example", "OU-26": "https://a..example", "none": "not an address",
}  # fmt: skip


@pytest.mark.parametrize("id", BAD_URLS)
def test_bad_address_is_refused_with_the_rule_that_it_breaks(owner: Member, endpoint: Any, id: str) -> None:
    url = BAD_URLS[id]
    for answer in (
        owner.call("POST", PATH, wanted(url=url)),
        owner.call("PATCH", f"{PATH}/{endpoint['id']}", {"url": url}),
    ):
        assert (answer.status, answer.json["field"]) == (422, "url")
        assert url not in answer.raw.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "x"}, {"Content-Length": "1"}, {"webhook-signature": "v1,x"}, {"Palabre-Caused-By": "x"},
        {"X": "a\r\nHost: b"}, {"X": "a\x00"}, {"X": "x" * 4097}, {"X": ""}, {"": "x"}, {"a b": "x"}, {"é": "x"},
        {"x": "1", "X": "2"}, {f"x{n}": "1" for n in range(11)}, {"X-Forwarded-For": "10.0.0.1"},
    ],
    ids=lambda headers: f"OU-32 {str(headers)[:40]}",
)  # fmt: skip
def test_header_that_is_not_for_them_to_send_is_refused(owner: Member, headers: dict[str, str]) -> None:
    answer = owner.call("POST", PATH, wanted(headers=headers))
    assert answer.status == 422
    assert answer.json["field"].startswith("headers")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("events", ["message.exploded"]), ("events", ["counters"]), ("brands", ["brd_0"]), ("channels", ["chn_0"]),
        ("networks", ["myspace"]), ("surfaces", ["wall"]), ("classes", ["everything"]), ("classes", []),
        ("detail", "fat"), ("signature", "v2"), ("events", []),
    ],
)  # fmt: skip
def test_what_there_is_not_cannot_be_wanted(owner: Member, field: str, value: Any) -> None:
    answer = owner.call("POST", PATH, wanted(**{field: value}))
    assert (answer.status, answer.json["field"].split(".")[0]) == (422, field)


def test_change_is_versioned_and_keeps_the_rest(owner: Member, endpoint: Any) -> None:
    path = f"{PATH}/{endpoint['id']}"
    changed = owner.patch(path, {"classes": ["comments"], "detail": "full"})
    assert (changed["classes"], changed["detail"], changed["url"]) == (["comments"], "full", endpoint["url"])
    assert changed["version"] == endpoint["version"] + 1
    stale = owner.call("PATCH", path, {"detail": "thin"}, headers={"If-Match": f'"{endpoint["version"]}"'})
    assert stale.status == 412


def test_address_of_another_is_taken_also_for_a_change(owner: Member, endpoint: Any) -> None:
    other = owner.post(PATH, wanted())
    assert owner.call("PATCH", f"{PATH}/{endpoint['id']}", {"url": other["url"]}).problem == (409, "address_taken")
    free = wanted()["url"]
    owner.patch(f"{PATH}/{other['id']}", {"url": free})
    assert owner.patch(f"{PATH}/{endpoint['id']}", {"url": other["url"]})["url"] == other["url"]
    owner.delete(f"{PATH}/{other['id']}")


def test_headers_do_not_follow_to_another_host_by_themselves(owner: Member) -> None:
    made = owner.post(PATH, wanted(headers={"X-Key": "hush"}))
    path, elsewhere = f"{PATH}/{made['id']}", {"url": wanted()["url"]}
    assert owner.call("PATCH", path, elsewhere).problem == (422, "headers_needed")
    assert owner.patch(path, {"url": made["url"] + "/deeper"})["header_names"] == ["x-key"]
    assert owner.patch(path, {**elsewhere, "headers": {}})["header_names"] == []
    owner.delete(path)


def test_secrets_rotate_with_an_overlap(owner: Member, endpoint: Any) -> None:
    path = f"{PATH}/{endpoint['id']}"
    rotated = owner.post(f"{path}/rotate-secret")
    assert owner.get(f"{path}/secret") == {"secret": rotated["secret"], "previous_secrets": [endpoint["secret"]]}
    owner.post(f"{path}/rotate-secret", {"overlap_seconds": 0})
    assert owner.get(f"{path}/secret")["previous_secrets"] == []
    asymmetric = owner.post(f"{path}/rotate-secret", {"signature": "v1a"})
    assert asymmetric["secret"].startswith("whpk_")
    assert owner.get(path)["signature"] == "v1a"


def test_sixth_secret_is_refused(owner: Member, endpoint: Any) -> None:
    path = f"{PATH}/{endpoint['id']}/rotate-secret"
    for _ in range(4):
        owner.post(path)
    assert owner.call("POST", path, {}).problem == (409, "too_many_secrets")
    owner.post(path, {"overlap_seconds": 0})
    assert owner.call("POST", path, {"overlap_seconds": 8 * 86_400}).status == 422


def test_disabled_endpoint_can_be_enabled(owner: Member, endpoint: Any) -> None:
    path = f"{PATH}/{endpoint['id']}"
    for _ in range(2):
        stopped = owner.post(f"{path}/disable")
        assert (stopped["state"], stopped["disabled_reason"]) == ("disabled", "stopped")
    for _ in range(2):
        assert owner.post(f"{path}/enable", {"replay": True})["state"] == "listening"


def test_trial_tells_what_came_back(stack: Stack) -> None:
    owner, name = stack.ours.owner, f"r{number()}"
    made = owner.post(PATH, wanted(url=f"{stack.double}/receivers/here/{name}"))
    stack.behave("receivers", "answer", status=418, path=name)
    outcome = owner.post(f"{PATH}/{made['id']}/test")
    assert (outcome["delivered"], outcome["status"], outcome["reason"], outcome["answer"]) == (
        False, 418, "status", '{"taken": true}',
    )  # fmt: skip
    assert owner.post(f"{PATH}/{made['id']}/test")["delivered"]
    calls = stack.requests("receivers", f'"/{name}"')
    _, call = [call for call in calls if call["json"]["type"] == "webhook.test"]
    body = signatures.headers(call["headers"]["webhook-id"], b"", [made["secret"]], 0)
    assert body["webhook-signature"].startswith("v1,")
    assert Webhook(made["secret"])
    owner.delete(f"{PATH}/{made['id']}")


@pytest.fixture(scope="module")
def manager(stack: Stack) -> Member:
    """Somebody who manages webhooks of our brand, and sees its inbox but no contacts."""
    held = {"name": f"Hooks {number()}", "permissions": ["webhook.manage", "inbox.view_all"]}
    return stack.someone(stack.ours, stack.ours.owner.post("/roles", held)["id"], [stack.ours.brand])


class TestRights:
    """Whoever makes an endpoint holds all that it is told of."""

    def test_endpoint_gets_what_its_maker_holds(self, stack: Stack, manager: Member) -> None:
        made = manager.post(PATH, wanted(brands=[stack.ours.brand]))
        manager.delete(f"{PATH}/{made['id']}")

    @pytest.mark.parametrize("more", [{}, {"classes": ["people"]}, {"classes": ["audit"]}])
    def test_endpoint_gets_no_more_than_its_maker_holds(
        self, stack: Stack, manager: Member, more: dict[str, Any]
    ) -> None:
        asked = wanted(**({"brands": [stack.ours.brand]} if more else {}), **more)
        assert manager.call("POST", PATH, asked).problem == (403, "beyond_own")

    def test_nobody_reads_the_secret_of_what_they_may_not_see(self, stack: Stack, manager: Member) -> None:
        made = stack.ours.owner.post(PATH, wanted(classes=["audit"], brands=[stack.ours.brand], events=["role"]))
        path = f"{PATH}/{made['id']}"
        assert manager.get(path)["id"] == made["id"]
        for answer in self.asked(manager, path):
            assert answer.problem == (403, "beyond_own")
        stack.ours.owner.delete(path)

    @staticmethod
    def asked(manager: Member, path: str) -> list[Answer]:
        reads = [manager.call("GET", f"{path}/{name}") for name in ("secret", "deliveries")]
        posts = [manager.call("POST", f"{path}/{name}", {}) for name in ("rotate-secret", "enable", "disable", "test")]
        return [*reads, *posts, manager.call("PATCH", path, {}), manager.call("DELETE", path)]

    def test_endpoint_of_another_brand_is_not_there(self, stack: Stack, manager: Member) -> None:
        other = stack.ours.owner.post("/brands", {"name": f"Brand {number()}"})["id"]
        made = stack.ours.owner.post(PATH, wanted(brands=[other], events=["role"]))
        assert manager.call("GET", f"{PATH}/{made['id']}").status == 404
        assert made["id"] not in {endpoint["id"] for endpoint in manager.every(PATH)}
        stack.ours.owner.delete(f"{PATH}/{made['id']}")

    def test_key_may_make_an_endpoint(self, stack: Stack) -> None:
        grants = [{"role": "owner", "brands": None}]
        held = {"name": f"Hooks {number()}", "permissions": ["webhook.manage", "inbox.view_all"]}
        role = stack.ours.owner.post("/roles", held)["id"]
        grants = [{"role": role, "brands": None}]
        key = stack.ours.owner.post("/api-keys", {"name": "Hooks", "grants": grants})["key"]
        program = Member(stack.api, key)
        made = program.post(PATH, wanted(events=["note"]))
        assert made["created_by"].startswith("key_")
        program.delete(f"{PATH}/{made['id']}")
