"""Files that members upload: the form, the first use, and where they go from there."""

import pytest

from chalicelib import clock
from chalicelib.networks.example.double import PIXEL
from chalicelib.uploads import uploads
from tests.api.test_quotas import use_up
from tests.support.people import Fan
from tests.support.stack import Member, Stack, ask, eventually
from tests.uploads.uploading import PNG, posted, uploaded

PAGE = b"<html><script>alert(1)</script></html>"


def _is_sent(owner: Member, reply: str) -> None:
    eventually(lambda: owner.get(f"/replies/{reply}")["status"] == "sent")


def test_upload_is_sent_and_may_be_used_again(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("messenger")), stack.ours.owner
    fan.starts()
    form = owner.post("/uploads", PNG)
    assert owner.get(f"/uploads/{form['id']}")["state"] == "waiting"
    assert posted(form, PIXEL) == 201
    assert owner.get(f"/uploads/{form['id']}")["state"] == "uploaded"
    for _ in range(2):
        reply = fan.hears("", attachments=[{"upload": form["id"]}])
        _is_sent(owner, reply["id"])
        [file] = owner.get(f"/messages/{reply['messages'][0]}")["attachments"]
        assert (file["kind"], file["mime"], file["name"], file["size"], file["inline"]) == (
            "image", "image/png", "menu.png", len(PIXEL), True,
        )  # fmt: skip
        assert ask("GET", file["url"]).raw == PIXEL
    used = owner.get(f"/uploads/{form['id']}")
    assert (used["state"], used["expires_at"]) == ("used", None)
    assert used["url"] == owner.get(f"/uploads/{form['id']}")["url"]
    assert ask("GET", used["url"]).headers["content-type"] == "image/png"


def test_what_was_used_is_not_replaced_by_its_form(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("messenger")), stack.ours.owner
    fan.starts()
    form = owner.post("/uploads", PNG)
    assert posted(form, PIXEL) == 201
    draft = fan.hears("", attachments=[{"upload": form["id"]}], draft=True)
    assert posted(form, b"\x89PNG\r\n\x1a\n another") == 201
    assert ask("GET", draft["attachments"][0]["url"]).raw == PIXEL
    owner.post(f"/replies/{draft['id']}/submit")
    _is_sent(owner, draft["id"])
    assert ask("GET", owner.get(f"/replies/{draft['id']}")["attachments"][0]["url"]).raw == PIXEL


def test_other_agencys_upload_does_not_exist(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    path = f"/conversations/{fan.starts()['id']}/replies"
    theirs = uploaded(stack.theirs.owner)
    answer = stack.ours.owner.call("POST", path, {"attachments": [{"upload": theirs}]})
    assert answer.problem == (404, "not_found")
    unknown = stack.ours.owner.call("POST", path, {"attachments": [{"upload": f"upl_{'0' * 26}"}]})
    assert unknown.problem == answer.problem


# UP-03, UP-04
@pytest.mark.parametrize(
    ("body", "changed", "status"),
    [
        (b"", {}, 400), (b"x" * (25 << 20) + b"x", {}, 400), (PIXEL, {"key": "upload/agc_other/upl_1"}, 403),
        (PIXEL, {"key": "media/agc_other/1"}, 403), (PIXEL, {"Content-Type": "text/html"}, 403),
    ],
    ids=["empty", "too large", "another key", "another place", "another type"],
)  # fmt: skip
def test_form_takes_nothing_else(stack: Stack, body: bytes, changed: dict[str, str], status: int) -> None:
    form = stack.ours.owner.post("/uploads", PNG)
    assert posted(form, body, **changed) == status


# UP-05, UP-06
def test_file_that_is_not_what_it_was_said_to_be_is_refused(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("messenger")), stack.ours.owner
    path = f"/conversations/{fan.starts()['id']}/replies"
    refused = {"upload_mismatch": uploaded(owner, PAGE), "upload_missing": owner.post("/uploads", PNG)["id"]}
    for code, id in refused.items():
        answer = owner.call("POST", path, {"attachments": [{"upload": id}]})
        assert (*answer.problem, answer.json["field"]) == (422, code, "attachments")
    as_film = {"upload": uploaded(owner), "kind": "video"}
    assert owner.call("POST", path, {"attachments": [as_film]}).problem == (422, "file_type")
    assert len(fan.channel.calls()) == 1


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"type": "image/svg+xml"}, "upload_type"), ({"type": "text/html"}, "upload_type"),
        ({"type": "application/zip"}, "upload_type"), ({"size": (25 << 20) + 1}, "upload_too_large"),
        ({"type": "video/mp4", "size": (100 << 20) + 1}, "upload_too_large"), ({"size": 0}, "invalid"),
    ],
)  # fmt: skip
def test_upload_of_another_type_or_size_does_not_begin(stack: Stack, wanted: dict[str, object], code: str) -> None:
    assert stack.ours.owner.call("POST", "/uploads", {**PNG, **wanted}).problem == (422, code)


# UP-12
def test_name_of_a_file_hides_nothing(stack: Stack) -> None:
    owner = stack.ours.owner
    id = owner.post("/uploads", {**PNG, "name": '..\\"<menu>.exe'})["id"]
    assert owner.get(f"/uploads/{id}")["name"] == "___menu_.exe"
    assert owner.call("POST", "/uploads", {**PNG, "name": "menu\u202egnp.exe"}).problem == (422, "invalid")


# UP-19
def test_member_begins_sixty_uploads_an_hour(stack: Stack) -> None:
    agency, member = stack.ours, stack.ours.members["moderator"]
    use_up(agency, f"uploads#{member.get('/me')['member']}", uploads.MOST_PER_HOUR, clock.HOUR)
    answer = member.call("POST", "/uploads", PNG)
    assert answer.problem == (429, "too_many")
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert agency.owner.call("POST", "/uploads", PNG).status == 201
