"""The type of a file: by its bytes, and where these leave it open by what its sender's network says.

Containers are examined only for their brands and names; nothing is unpacked.
"""

import mimetypes
import re
from dataclasses import dataclass
from functools import cache

UNKNOWN = "application/octet-stream"
LONGEST_NAME = 150
_ZIP, _OLE = "application/zip", "application/x-ole-storage"
_TYPE = r"[a-z0-9.+-]+/[a-z0-9.+-]+"
# A browser runs what is in these. Nobody's word is taken that a file is one, and their bytes are not known here.
_ACTIVE = (
    r".*\+xml|image/svg.*|(text|application)/(x-)?(html|xhtml|xml|xsl|javascript|ecmascript|jscript|vbscript|hta).*"
    r"|application/x-shockwave-flash|multipart/.*|message/.*"
)
# Where the mark begins, the mark, the MIME type it stands for; the first that fits counts.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
# Brands of the ISO base media format, which pictures have as well as films. https://mp4ra.org/registered-types/brands
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    **dict.fromkeys((b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"), "video/mp4"),
    **dict.fromkeys((b"mp41", b"mp42", b"mp71", b"avc1", b"dash", b"MSNV", b"mmp4", b"M4V ", b"M4VH"), "video/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gr6", b"3gs6", b"3ge6", b"3gg6"), "video/3gpp"),
    b"qt  ": "video/quicktime",
}
_ANY_PICTURE = (b"mif1", b"msf1")
_OFFICE = "application/vnd.openxmlformats-officedocument."
# The name of a file inside that only this type has, and the extension of the whole.
_PACKED = {
    b"word/document.xml": (f"{_OFFICE}wordprocessingml.document", ".docx"),
    b"xl/workbook.": (f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
    b"ppt/presentation.xml": (f"{_OFFICE}presentationml.presentation", ".pptx"),
}
_SOUND_OR_FILM = ("video/mp4", "video/3gpp", "video/webm", "video/x-matroska")
_SHOWN = {
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"),
    *("video/mp4", "video/webm", "video/quicktime", "video/3gpp", "video/ogg"),
    *("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/wav", "audio/webm", "audio/3gpp"),
}
_HIDING = r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]'


@dataclass(frozen=True)
class FileType:
    """`is_shown`: the bytes prove that it is a picture, film or sound, which a browser may show without harm."""

    mime: str
    is_shown: bool = False


def recognise(body: bytes, declared: str = "") -> FileType:
    """The type of a file. `declared` is the MIME type that the network gives it; `audio/*` for a sound without one."""
    seen, word = _seen(body), _taken(declared)
    mime = _refined(seen, word) if seen else word or UNKNOWN
    return FileType(mime, is_shown=bool(seen) and mime in _SHOWN)


def fits(mime: str, kind: str) -> bool:
    """True if a file of this type (by its bytes) may be sent as that kind of file."""
    family = mime.partition("/")[0]
    return kind in ("file", family) or (kind == "sticker" and family in ("image", "video"))


def is_shown(mime: str) -> bool:
    """True if a browser may show a file of this type (by its bytes)."""
    return mime in _SHOWN


def saved_as(name: str, mime: str) -> str:
    """A safe name to save a stranger's file under: without folders, and without characters that hide what it is."""
    cleaned = re.sub(_HIDING, "_", name).strip(" .")[-LONGEST_NAME:] or "file"
    return cleaned if "." in cleaned else cleaned + (_extensions().guess_extension(mime) or "")


@cache
def _extensions() -> mimetypes.MimeTypes:
    known = mimetypes.MimeTypes()  # what Python itself knows, whatever the machine has
    for mime, extension in _PACKED.values():
        known.add_type(mime, extension)
    return known


def _taken(declared: str) -> str:
    """The declared type; empty if it is no type, or one that a browser would run."""
    kind = declared.partition(";")[0].strip().lower()
    if kind == "audio/*":
        return kind
    return kind if len(kind) <= 100 and re.fullmatch(_TYPE, kind) and not re.fullmatch(_ACTIVE, kind) else ""


def _refined(seen: str, declared: str) -> str:
    if seen in _SOUND_OR_FILM and declared.startswith("audio/"):
        return "audio/" + seen.partition("/")[2]
    is_open = seen in (_ZIP, _OLE) and declared.startswith("application/") and declared != UNKNOWN
    return declared if is_open else seen


def _seen(body: bytes) -> str:
    """The MIME type that the bytes show; empty if it is unknown."""
    if body[4:8] == b"ftyp":
        return _by_brand(body)
    if body[:4] == b"RIFF":
        return _RIFF.get(body[8:12], "")
    if body[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _by_names_inside(body)
    if body[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in body[:64] else "video/x-matroska"
    if body[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in body[:256] else "audio/ogg"
    matching = (mime for start, mark, mime in _SIGNATURES if body[start : start + len(mark)] == mark)
    return next(matching, "") or _by_frame(body)


def _by_brand(body: bytes) -> str:
    end = min(int.from_bytes(body[:4], "big"), 256)
    brands = [body[8:12], *(body[at : at + 4] for at in range(16, end, 4))]
    known = (_BRANDS[brand] for brand in brands if brand in _BRANDS)
    return next(known, "image/heif" if any(brand in _ANY_PICTURE for brand in brands) else "")


def _by_names_inside(body: bytes) -> str:
    """By the names in the directory at the end of a ZIP, or by the first file of an OpenDocument or e-book."""
    if body[30:38] == b"mimetype":
        size = int.from_bytes(body[18:22], "little")
        return _taken(body[38 : 38 + min(size, 100)].decode("latin-1")) or _ZIP
    end = body.rfind(b"PK\x05\x06", -(22 + 0xFFFF))
    directory = body[int.from_bytes(body[end + 16 : end + 20], "little") : end] if end >= 0 else b""
    return next((mime for name, (mime, _) in _PACKED.items() if name in directory), _ZIP)


def _by_frame(body: bytes) -> str:
    """For a sound that begins with its first frame: MP3 without tags, or AAC."""
    if len(body) < 3 or body[0] != 0xFF:
        return ""
    if body[1] & 0xF6 == 0xF0:
        return "audio/aac"
    is_layer_3 = body[1] & 0xE6 == 0xE2 and body[1] & 0x18 != 0x08
    return "audio/mpeg" if is_layer_3 and body[2] & 0xF0 != 0xF0 and body[2] & 0x0C != 0x0C else ""
