"""What is taken as an upload, and how bytes are told from what somebody says they are."""

import pytest

from chalicelib.uploads import kinds

PNG, PDF, MP3 = b"\x89PNG\r\n\x1a\n....", b"%PDF-1.7 ...", b"ID3\x04...."
M4A, MP4 = b"\0\0\0\x18ftypM4A \0\0\0\0M4A ", b"\0\0\0\x18ftypisom\0\0\0\0isom"
RIGHT = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0....",
    "image/webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "video/mp4": MP4,
    "audio/mp4": MP4,
    "audio/x-m4a": M4A,
    "audio/mpeg": MP3,
    "audio/x-wav": b"RIFF\0\0\0\0WAVEfmt ",
    "application/pdf": PDF,
    "text/plain": "Öffnungszeiten".encode(),
    "text/csv": b"a;b\n1;2\n",
}
WRONG = {
    "a page as a picture": ("image/png", b"<html><script>alert(1)</script>"),
    "a picture of another type": ("image/jpeg", PNG),
    "a program as a picture": ("image/png", b"MZ\x90\0"),
    "a film as a picture": ("image/gif", MP4),
    "a sound as a film": ("video/mp4", MP3),
    "words as a document": ("application/pdf", b"Hello"),
    "an archive as a document": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04" + b"\0" * 40),
    "a page as words": ("text/plain", b"  <!DOCTYPE html><p>"),
    "a drawing as words": ("text/plain", b"\xef\xbb\xbf<svg onload=a()>"),
    "a document as words": ("text/csv", PDF),
    "bytes as words": ("text/plain", b"a\0b"),
    "other letters as words": ("text/plain", b"caf\xe9 au lait"),
    "nothing known as a sound": ("audio/ogg", b"......"),
}


@pytest.mark.parametrize("mime", RIGHT)
def test_bytes_of_a_type_are_taken_as_it(mime: str) -> None:
    assert kinds.is_of_type(mime, RIGHT[mime])


@pytest.mark.parametrize("name", WRONG)
def test_bytes_of_something_else_are_not(name: str) -> None:
    assert not kinds.is_of_type(*WRONG[name])


def test_words_may_be_cut_within_a_letter() -> None:
    assert kinds.is_of_type("text/plain", "é".encode()[:1])
    assert not kinds.is_of_type("text/plain", "é".encode()[:1] + b"a")


def test_what_a_browser_would_run_and_archives_are_of_no_type_that_is_taken() -> None:
    for mime in ("image/svg+xml", "text/html", "application/xhtml+xml", "application/zip", "application/javascript"):
        assert mime not in kinds.KINDS


@pytest.mark.parametrize(
    ("mime", "kind", "sent"),
    [
        ("image/png", "", "image"), ("image/png", "file", "file"), ("image/webp", "sticker", "sticker"),
        ("image/png", "video", None), ("application/pdf", "image", None), ("audio/x-m4a", "audio", "audio"),
    ],
)  # fmt: skip
def test_file_is_sent_as_what_it_is_or_as_a_document(mime: str, kind: str, sent: str | None) -> None:
    assert kinds.sent_as(mime, kind) == sent


def test_only_what_is_told_by_its_end_is_read_whole() -> None:
    assert kinds.needed("video/mp4") == kinds.BEGINNING
    assert kinds.needed("application/vnd.oasis.opendocument.text") == kinds.largest("application/pdf") == 25 << 20
