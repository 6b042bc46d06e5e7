"""A file is what its bytes say, then what its network says; a browser is only ever shown what is surely harmless."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.aws import storage
from chalicelib.file_types import UNKNOWN, recognise, saved_as

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def film(*brands: bytes) -> bytes:
    """The beginning of a file of the ISO base media format, with its major brand first."""
    return (16 + 4 * len(brands[1:])).to_bytes(4, "big") + b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:]) + b"x"


def packed(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            archive.writestr(name, b"words")
    return held.getvalue()


# F13: a container is not taken for what it holds most often
CONTAINERS = {
    "HEIC of a phone": (film(b"heic", b"mif1", b"heic"), "", "image/heic"),
    "HEIC that says first it is any picture": (film(b"mif1", b"mif1", b"heic"), "image/heic", "image/heic"),
    "picture of a kind nobody named": (film(b"mif1", b"miaf"), "", "image/heif"),
    "AVIF": (film(b"avif", b"mif1", b"miaf"), "", "image/avif"),
    "film": (film(b"isom", b"iso2", b"avc1", b"mp41"), "", "video/mp4"),
    "film of iTunes, that may be sound as well": (film(b"M4V ", b"M4V ", b"M4A ", b"mp42"), "", "video/mp4"),
    "film of QuickTime": (film(b"qt  ", b"qt  "), "", "video/quicktime"),
    "sound of iTunes": (film(b"M4A ", b"mp42", b"isom"), "", "audio/mp4"),
    "sound in a film's container": (film(b"isom", b"mp42"), "audio/mp4; codecs=mp4a", "audio/mp4"),
    "sound without a type": (film(b"mp42", b"isom"), "audio/*", "audio/mp4"),
    "raw photo": (film(b"crx ", b"crx "), "image/x-canon-cr3", "image/x-canon-cr3"),
    "DOCX": (packed("[Content_Types].xml", "word/document.xml"), "", DOCX),
    "XLSX": (packed("[Content_Types].xml", "xl/workbook.xml"), "", XLSX),
    "DOCX in a ZIP": (packed(first=("a.docx", packed("word/document.xml"))), "", "application/zip"),
    "OpenDocument": (
        packed("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")),
        "",
        "application/vnd.oasis.opendocument.text",
    ),
    "ZIP": (packed("a.txt"), "application/octet-stream", "application/zip"),
    "what only the network knows": (packed("a.txt"), "application/vnd.apple.pages", "application/vnd.apple.pages"),
    "XLS": (OLE + bytes(99), "application/vnd.ms-excel", "application/vnd.ms-excel"),
    "old office file": (OLE + bytes(99), "", "application/x-ole-storage"),
    "Matroska": (b"\x1aE\xdf\xa3\xa3B\x82\x88matroska", "", "video/x-matroska"),
    "WebM": (b"\x1aE\xdf\xa3\x9fB\x82\x84webm", "", "video/webm"),
    "WebP": (b"RIFF\0\0\0\0WEBP", "", "image/webp"),
    "AVI": (b"RIFF\0\0\0\0AVI LIST", "image/webp", "video/x-msvideo"),
    "voice": (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg; codecs=opus", "audio/ogg"),
    "film in Ogg": (b"OggS" + bytes(24) + b"\x80theora", "", "video/ogg"),
}
# F14: what has no first bytes of its own, or unusual ones
OTHERS = {
    "CSV": (b"id;sum\n1;2\n", "text/csv", "text/csv"),
    "CSV of Excel": ("\ufeffid;sum".encode("utf-16-le"), "text/csv", "text/csv"),
    "MP3 without tags": (b"\xff\xf3\x44\xc4" + bytes(99), "", "audio/mpeg"),
    "MP3 of another rate": (b"\xff\xfb\x90\x64" + bytes(99), "audio/mpeg", "audio/mpeg"),
    "AAC": (b"\xff\xf9\x50\x80" + bytes(99), "", "audio/aac"),
    "nothing anybody knows": (b"\0\1\2", "", UNKNOWN),
    "nothing at all": (b"", "image/png", "image/png"),
}


@pytest.mark.parametrize("name", [*CONTAINERS, *OTHERS])
def test_file_is_what_its_bytes_or_its_network_say(name: str) -> None:
    body, declared, mime = {**CONTAINERS, **OTHERS}[name]
    assert recognise(body, declared).mime == mime


SHOWN = {"image", "video", "audio"}
PAGES = (b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>", b"<?xml ?>")
ACTIVE = (
    *("text/html", "TEXT/HTML; charset=utf-8", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml"),
    *("text/javascript", "application/x-javascript", "application/rss+xml", "multipart/related", "message/rfc822"),
)


@pytest.mark.parametrize("declared", ACTIVE)
@pytest.mark.parametrize("body", [*PAGES, b"\xff\xfe<\0h\0", b"", b"PK\x03\x04", OLE])
def test_what_a_browser_would_run_is_neither_shown_nor_called_so(body: bytes, declared: str) -> None:  # F14
    file_type = recognise(body, declared)
    assert not file_type.is_shown
    assert file_type.mime in (UNKNOWN, "application/zip", "application/x-ole-storage")


@pytest.mark.parametrize(
    "declared", ["image/png", "video/mp4", "audio/mpeg", "audio/*", "application/pdf", "", "x", "a/b/c"]
)
@pytest.mark.parametrize("body", [*PAGES, b"id;sum"])
def test_nobodys_word_makes_a_file_shown(body: bytes, declared: str) -> None:  # F14
    assert not recognise(body, declared).is_shown


@given(st.binary(max_size=300), st.sampled_from(("", *ACTIVE, "image/png", "audio/*")))
def test_any_bytes_have_a_type(body: bytes, declared: str) -> None:
    file_type = recognise(body, declared)
    assert "/" in file_type.mime
    assert not file_type.is_shown or file_type.mime.partition("/")[0] in SHOWN


@given(st.sampled_from([body for body, _, _ in CONTAINERS.values()]), st.data())
def test_cut_and_garbled_containers_have_a_type(body: bytes, data: st.DataObject) -> None:
    garbled = bytearray(body[: data.draw(st.integers(0, len(body)))])
    for at in data.draw(st.lists(st.integers(0, max(len(garbled) - 1, 0)), max_size=8)) if garbled else []:
        garbled[at] = data.draw(st.integers(0, 255))
    assert "/" in recognise(bytes(garbled)).mime


@pytest.mark.parametrize(
    ("name", "mime", "saved"),
    [
        ("order.csv", "text/csv", "order.csv"),
        ("../../etc/passwd", "text/plain", "_.._etc_passwd"),
        ("a\r\nSet-Cookie: b.pdf", "application/pdf", "a__Set-Cookie_ b.pdf"),
        ("photo\u202egpj.exe", UNKNOWN, "photo_gpj.exe"),
        (".htaccess", UNKNOWN, "htaccess.bin"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
        ("menú ☕.pdf", "application/pdf", "menú ☕.pdf"),
        ("file", DOCX, "file.docx"),
        ("\ud800", UNKNOWN, "_.bin"),
        ("...", UNKNOWN, "file.bin"),
    ],
)
def test_file_is_saved_under_a_name_that_hides_nothing(name: str, mime: str, saved: str) -> None:
    assert saved_as(name, mime) == saved


def test_name_is_encoded_in_its_header() -> None:
    assert storage.disposition('menú "1";\r\n.pdf') == ("attachment; filename*=UTF-8''men%C3%BA%20%221%22%3B%0D%0A.pdf")
    assert storage.disposition("") == "attachment"
