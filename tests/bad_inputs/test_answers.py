"""Requests in good form that must not be done, and what answers must not tell."""

import json
import time
from typing import Any

import pytest

from tests.support.cases import Cases, asks
from tests.support.people import Fan, now
from tests.support.stack import DOUBLES, Stack, ask, number

HOUR = 3_600_000
cases = Cases()


@pytest.mark.parametrize("id", cases, ids=cases.sentence)
def test_bad_input(id: str, stack: Stack) -> None:
    cases[id](stack)


@cases.add("RE-37")
def _after_the_window(stack: Stack) -> None:
    for network in ("messenger", "instagram", "whatsapp"):
        fan = Fan(stack.connect(network))
        fan.says("Yesterday", at=now() - 25 * HOUR)
        conversation = fan.channel.conversation()["id"]
        answer = stack.ours.owner.call("POST", f"/conversations/{conversation}/replies", {"text": "Late"})
        assert answer.problem == (422, "window_closed")
        assert len(fan.channel.calls()) == 1
    template = {"template": {"name": "order_ready", "language": "en"}}
    assert stack.ours.owner.call("POST", f"/conversations/{conversation}/replies", template).status == 202


@cases.add("RE-38")
def _to_someone_who_left(stack: Stack) -> None:
    fan, path = asks(stack, "telegram")
    fan.channel.tell("blocked", user=int(fan.id))
    fan.channel.settled()
    assert stack.ours.owner.call("POST", path, {"text": "Hello?"}).problem == (409, "contact_unreachable")
    assert len(fan.channel.calls()) == 1


@cases.add("RE-39")
def _more_than_the_network_takes(stack: Stack) -> None:
    image = {"kind": "image", "url": "https://files.example/1.png"}
    long = {"text": "x" * 8001}
    files = ({**image, "mime": "image/tiff"}, {**image, "size": 6 << 20}, {**image, "kind": "video"})
    wrong: dict[str, list[tuple[dict[str, Any], str]]] = {
        "telegram": [(long, "text_too_long"), ({"template": {"name": "a", "language": "en"}}, "cannot_template")],
        "messenger": [(long, "text_too_long"), ({"text": "x", "private": True}, "cannot_reply_privately")],
        "instagram": [({"text": "é" * 501}, "text_too_long"), ({"attachments": [files[0]]}, "media_type")],
        "whatsapp": [(long, "text_too_long"), ({"attachments": [files[1]]}, "media_too_large")],
        "facebook": [(long, "text_too_long"), ({"attachments": [files[2]]}, "media_kind")],
    }
    for network, bodies in wrong.items():
        fan, path = asks(stack, network)
        for body, code in bodies:
            assert stack.ours.owner.call("POST", path, body).problem == (422, code), (network, code)
        assert len(fan.channel.calls()) == 1
        for url in ("http://files.example/1.png", "https://u@files.example/1", "file:///etc/passwd", "https://a b/1"):
            assert stack.ours.owner.call("POST", path, {"attachments": [{**image, "url": url}]}).problem == (
                422,
                "invalid",
            )


@cases.add("RE-42")
def _foreign_origins(stack: Stack) -> None:
    owner = stack.ours.owner
    for origin in (
        "null", "https://evil.example", "http://localhost:3000.evil.example", "http://evillocalhost:3000",
        "http://localhost:30000", "https://localhost:3000", "http://localhost",
    ):  # fmt: skip
        answer = owner.call("GET", "/me", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers, origin
    answer = owner.call("GET", "/me", headers={"Origin": "http://localhost:3000"})
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}
    asked = ask("OPTIONS", f"{stack.api}/channels", headers=preflight)
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "http://localhost:3000")


@cases.add("RE-44")
def _secrets_in_answers(stack: Stack) -> None:
    wanted = json.loads(json.dumps(DOUBLES["messenger"].CONNECTION).replace("{n}", number()))
    canaries = [f"CanaryToken{number()}", f"CanarySecret{number()}"]
    wanted["credentials"] = dict(zip(("token", "secret"), canaries, strict=True))
    owner = stack.ours.owner
    made = owner.call("POST", "/channels", {"brand": stack.ours.brand, "network": "messenger", **wanted})
    again = owner.call("POST", "/channels", {"brand": stack.ours.brand, "network": "messenger", **wanted})
    answers = [made, again, owner.call("GET", "/channels"), owner.call("GET", "/me"), owner.call("GET", "/networks")]
    answers.append(owner.call("DELETE", f"/channels/{made.json['id']}"))
    assert (made.status, again.status) == (201, 409)
    for canary in canaries:
        assert not any(canary.encode() in answer.raw + str(answer.headers).encode() for answer in answers)
        assert not stack.logged(canary)


@cases.add("RE-45")
def _what_errors_tell(stack: Stack) -> None:
    owner, word = stack.ours.owner, f"canary{number()}"
    query: dict[str, Any] = {word: word}
    outputs = stack.platform.outputs
    answers = [
        owner.call("GET", f"/conversations/{word}"),
        owner.call("GET", "/conversations", cursor=word),
        owner.call("GET", "/conversations", **query),
        owner.call("POST", "/channels", {word: word}),
        owner.call("POST", "/channels", raw=word.encode()),
        owner.call("GET", f"/{word}"),
        owner.call("GET", "/me", headers={"Authorization": f"Bearer {word}"}),
    ]
    inside = ("Traceback", ".py", "arn:", outputs["Table"], outputs["Bucket"], "dynamodb", "botocore", stack.ours.id)
    for answer in answers:
        assert 400 <= answer.status < 500
        text = answer.raw.decode()
        assert not [leak for leak in inside if leak in text]
        assert word not in text or answer.json.get("field") == word
    assert stack.logged("request")
    assert not stack.logged(word)


@cases.add("RE-48")
def _ranges_of_time(stack: Stack) -> None:
    owner = stack.ours.owner
    for since, until in (
        ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"), ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("yesterday", "2026-01-01T00:00:00Z"), ("2026-01-01", "2026-01-02"),
        ("2026-13-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00", "2026-01-02T00:00:00Z"), ("2026-01-01T00:00:00+99:00", "2026-01-02T00:00:00Z"),
    ):  # fmt: skip
        assert owner.call("GET", "/ingest/entries", since=since, until=until).problem == (422, "bad_times"), since
    fan = Fan(stack.connect("telegram"))
    fan.says()
    fan.channel.settled()
    for since, until in (
        ("1926-01-01T00:00:00Z", "2126-01-01T00:00:00Z"),
        ("2026-03-29T02:30:00+02:00", time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 60))),
    ):
        entries = owner.every("/ingest/entries", since=since, until=until, channel=fan.channel.id)
        assert [entry["count"] for entry in entries] == [1]


@cases.add("RE-50")
def _ranges_of_bytes(stack: Stack) -> None:
    many = {"Range": "bytes=" + ",".join(f"{start}-{start + 1}" for start in range(0, 2000, 2))}
    answer = stack.ours.owner.call("GET", "/networks", headers=many)
    assert answer.status == 200
    assert answer.json == stack.ours.owner.get("/networks")
    headed = ask("HEAD", f"{stack.api}/me", headers={"Authorization": f"Bearer {stack.ours.owner.token}", **many})
    assert (headed.status, headed.raw) == (200, b"")
