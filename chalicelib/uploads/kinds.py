"""Which types of files may be uploaded, as what kind each is sent, how large it may be, and whether bytes are of a
type. Pure.

A type is accepted only if it can be recognised by its bytes, or is plain text. Types that a browser would run, such as
HTML and SVG, and archives, which can hold anything, are not accepted.
"""

import re
from collections.abc import Mapping

from chalicelib import file_types
from chalicelib.networks.base import MediaKind

MB = 1 << 20
BEGINNING = 4096  # bytes that tell any type but those of _WHOLE
LARGEST: Mapping[MediaKind, int] = {"image": 25 * MB, "video": 100 * MB, "audio": 25 * MB, "file": 25 * MB}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORDS = ("text/plain", "text/csv")
# What is inside tells what they are, and its directory is at the end.
_WHOLE = (
    f"{_OFFICE}wordprocessingml.document",
    f"{_OFFICE}spreadsheetml.sheet",
    f"{_OFFICE}presentationml.presentation",
    *(f"application/vnd.oasis.opendocument.{name}" for name in ("text", "spreadsheet", "presentation")),
)  # fmt: skip
_SAME = {"audio/x-wav": "audio/wav", "audio/x-m4a": "audio/mp4", "audio/mp3": "audio/mpeg"}
PHOTO = "image/jpeg"
KINDS: Mapping[str, MediaKind] = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/gif", "image/webp"), "image"),
    **dict.fromkeys(("video/mp4", "video/quicktime", "video/webm", "video/3gpp"), "video"),
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav"), "audio"),
    **dict.fromkeys(_SAME, "audio"),
    **dict.fromkeys(("application/pdf", *_WHOLE, *_WORDS), "file"),
}
_MARKED_UP = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<\s*(!doctype|html|head|body|script|svg|\?xml|iframe)", re.IGNORECASE)


def largest(mime: str) -> int:
    return LARGEST[KINDS[mime]]


def needed(mime: str) -> int:
    """How many of a file's first bytes are needed to tell whether it is of that type."""
    return largest(mime) if mime in _WHOLE else BEGINNING


def is_of_type(mime: str, body: bytes) -> bool:
    """True if these bytes, the first ones or all, are of a file of that type."""
    if mime in _WORDS:
        is_known = file_types.recognise(body).mime != file_types.UNKNOWN
        return not (is_known or b"\0" in body or _MARKED_UP.match(body)) and _is_text(body)
    type = file_types.recognise(body).mime
    if type != file_types.UNKNOWN and mime.startswith("audio/"):  # the same containers have films
        type = file_types.recognise(body, sent_type(mime)).mime
    return type == sent_type(mime)


def sent_type(mime: str) -> str:
    """The name under which networks know the type."""
    return _SAME.get(mime, mime)


def _is_text(body: bytes) -> bool:
    """True for UTF-8; the last character may be cut off."""
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return wrong.reason == "unexpected end of data" and len(body) - wrong.start < 4
    return True


def sent_as(mime: str, kind: str) -> MediaKind | None:
    """The kind as which a file of that type is sent: its own, a document, or for a picture a sticker. None if it cannot
    be sent as `kind`.
    """
    own: MediaKind = KINDS[mime]
    possible: dict[str, MediaKind] = {"": own, own: own, "file": "file"}
    return possible.get(kind) or ("sticker" if (own, kind) == ("image", "sticker") else None)
