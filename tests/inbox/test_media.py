"""Files that people send are copied before their addresses die: whatever they are, from where files may come."""

import pytest

from tests.support.people import Fan
from tests.support.stack import Stack, ask, eventually

PNG, GIF = b"\x89PNG", b"GIF8"


@pytest.mark.parametrize(("fan", "begins"), [("whatsapp", PNG), ("telegram", PNG), ("example", PNG)], indirect=["fan"])
def test_file_known_by_its_id_is_copied(fan: Fan, begins: bytes) -> None:
    who = {"user": int(fan.id)} if fan.channel.network == "telegram" else {"person": fan.id}
    fan.channel.tell("dm_with_image", **who)
    file = _copied(fan)
    assert (file["kind"], file["mime"]) == ("image", "image/png")
    _assert_served(file, begins)
    [row] = fan.channel.conversations(include="attachment")
    assert row["last_message"]["attachment"] == file


@pytest.mark.parametrize(
    ("fan", "host"), [("messenger", "scontent.xx.fbcdn.net"), ("instagram", "lookaside.fbsbx.com")], indirect=["fan"]
)
def test_file_known_by_its_address_is_copied(fan: Fan, host: str) -> None:
    address = f"{fan.channel.stack.double}/{fan.channel.network}/{host}/1.gif"
    fan.channel.tell("dm_with_image", person=fan.id, url=address)
    file = _copied(fan)
    assert file["mime"] == "image/gif"
    assert file["url"] != address
    _assert_served(file, GIF)


@pytest.mark.parametrize(
    "url",
    [
        "http://scontent.xx.fbcdn.net/1.jpg",
        "https://localhost/1.jpg",
        "https://127.0.0.1/1.jpg",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/1.jpg",
        "https://100.64.0.1/1.jpg",
        "https://[::1]/1.jpg",
        "https://[::ffff:169.254.169.254]/1.jpg",
        "https://[64:ff9b::a9fe:a9fe]/1.jpg",
        "https://2130706433/1.jpg",
        "https://0x7f.1/1.jpg",
        "https://somebody@files.example/1.jpg",
        "https://files.example:8080/1.jpg",
        "file:///etc/passwd",
    ],
)
def test_forbidden_address_is_not_fetched(fan: Fan, url: str) -> None:
    fan.channel.tell("dm_with_image", person=fan.id, url=url)
    message = eventually(lambda: next(message for message in fan.channel.messages() if _state(message) == "blocked"))
    assert message["attachments"][0]["size"] is None


@pytest.mark.parametrize(
    ("kind", "name", "body", "mime"),
    [
        ("file", "order.csv", "id;sum", "application/octet-stream"),
        ("image", "page.html", "<html><script>alert(1)</script>", "application/octet-stream"),
        ("image", "picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream"),
        ("image", "IMG_0042.HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        ("audio", "voice.pdf", "%PDF-1.7", "application/pdf"),
    ],
)
def test_file_that_cannot_be_shown_is_a_download(stack: Stack, kind: str, name: str, body: str, mime: str) -> None:
    fan = Fan(stack.connect("messenger"))
    stack.behave("messenger", "serve", path=f"{fan.id}/{name}", body=body)
    url = f"{stack.double}/messenger/scontent.xx.fbcdn.net/{fan.id}/{name}"
    fan.channel.tell("dm_with", person=fan.id, kind=kind, url=url)
    file = _copied(fan)
    assert (file["mime"], file["inline"], file["size"]) == (mime, False, len(body))
    answer = ask("GET", str(file["url"]))
    assert (answer.raw.decode("latin-1"), answer.headers["content-type"]) == (body, "application/octet-stream")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


def test_type_that_the_network_tells_is_kept(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    stack.behave("telegram", "serve", path=f"/file/bot{fan.channel.token}/", body="id;sum")
    sheet = {"file_id": "BQACc", "file_name": "order.csv", "mime_type": "text/csv"}
    fan.channel.tell("dm", user=int(fan.id), text=None, document=sheet)
    file = _copied(fan)
    assert (file["name"], file["mime"], file["inline"]) == ("order.csv", "text/csv", False)


def test_file_that_is_not_what_it_says_is_kept_as_what_it_is(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    url = f"{stack.double}/messenger/scontent.xx.fbcdn.net/1.gif"
    fan.channel.tell("dm_with", person=fan.id, kind="video", url=url)
    file = _copied(fan)
    assert (file["kind"], file["mime"], file["inline"]) == ("video", "image/gif", True)


def test_file_that_is_gone_is_told_as_unavailable(stack: Stack) -> None:
    fan = Fan(stack.connect("messenger"))
    fan.channel.tell("dm_with_image", person=fan.id, url=f"{stack.double}/messenger/nobody.example/1.gif")
    eventually(lambda: _state(fan.channel.messages()[0]) == "unavailable")


def test_words_and_other_files_stay_when_one_is_blocked(stack: Stack) -> None:
    fan = Fan(stack.connect("instagram"))
    urls = [f"{stack.double}/instagram/lookaside.fbsbx.com/1.gif", "https://192.168.0.1/1.gif"]
    files = [{"type": "image", "payload": {"url": url}} for url in urls]
    fan.channel.tell("dm", person=fan.id, text="Two pictures", more={"attachments": files})
    done = ["stored", "blocked"]
    message = eventually(lambda: next(message for message in fan.channel.messages() if _states(message) == done))
    assert message["text"] == "Two pictures"


# S6
def test_each_of_many_files_is_copied(stack: Stack) -> None:
    fan = Fan(stack.connect("instagram"))
    urls = [f"{stack.double}/instagram/lookaside.fbsbx.com/{count}.gif" for count in range(5)]
    files = [{"type": "image", "payload": {"url": url}} for url in [*urls, "https://[::1/", urls[0]]]
    fan.channel.tell("dm", person=fan.id, text="Look at all of these", more={"attachments": files})
    done = ["stored"] * 5 + ["blocked", "stored"]
    message = eventually(lambda: next(message for message in fan.channel.messages() if _states(message) == done))
    assert len({_path(file) for file in message["attachments"]}) == 6
    for file in message["attachments"][:5]:
        _assert_served(file, GIF)


def _states(message: dict[str, list[dict[str, str]]]) -> list[str]:
    return [file.get("state", "") for file in message["attachments"]]


def _path(file: dict[str, str]) -> str:
    return file["url"].partition("?")[0]


def _state(message: dict[str, list[dict[str, str]]]) -> str:
    return message["attachments"][0].get("state", "")


def _copied(fan: Fan) -> dict[str, object]:
    """The first message's file, once it is ours."""
    message = eventually(lambda: next(message for message in fan.channel.messages() if _state(message) == "stored"))
    file: dict[str, object] = message["attachments"][0]
    return file


def _assert_served(file: dict[str, object], begins: bytes) -> None:
    answer = ask("GET", str(file["url"]))
    assert answer.status == 200
    assert answer.raw.startswith(begins)
    assert len(answer.raw) == file["size"]
    assert file["inline"] is True
    assert answer.headers["content-type"] == file["mime"]
    assert "content-disposition" not in answer.headers
