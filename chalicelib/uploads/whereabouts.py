"""Removes from a photo where it was taken. Pure; the picture itself and its orientation stay as they are.

Cameras write the location into a JPEG's Exif, as a list of its own, and programs repeat it in XMP. XMP is removed
whole, and so is Exif that cannot be read or is larger than it may be.

https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf
"""

import struct
from collections.abc import Iterator
from itertools import islice

_EXIF, _XMP = b"Exif\0\0", (b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0")
_APP1, _IMAGE, _ALONE = 0xE1, 0xDA, {0x01, *range(0xD0, 0xD9)}
_GPS, _MOST_ENTRIES, _MOST_SEGMENTS = 0x8825, 1_000, 1_000
_SIZES = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # bytes of a value by its type; of any other, one


def without_location(body: bytes) -> bytes:
    """The file without the location. A file that is no JPEG, or ends before its image begins, is returned unchanged."""
    if body[:2] != b"\xff\xd8":
        return body
    kept, end = [body[:2]], 2
    for start, end, marker in islice(_segments(body), _MOST_SEGMENTS):
        kept.append(_cleaned(body[start:end]) if marker == _APP1 else body[start:end])
    return b"".join([*kept, body[end:]])


def _segments(body: bytes) -> Iterator[tuple[int, int, int]]:
    """The beginning, end and marker of each segment before the image."""
    at = 2
    while at + 4 <= len(body) and body[at] == 0xFF and body[at + 1] != _IMAGE:
        marker = body[at + 1]
        length = 0 if marker in _ALONE else int.from_bytes(body[at + 2 : at + 4], "big")
        end = at + (1 if marker == 0xFF else 2 + length)
        if end > len(body) or (marker not in (*_ALONE, 0xFF) and length < 2):
            return
        yield at, end, marker
        at = end


def _cleaned(segment: bytes) -> bytes:
    """The APP1 segment without the location; empty if nothing of it is kept."""
    content = segment[4:]
    if content.startswith(_XMP):
        return b""
    if not content.startswith(_EXIF):
        return segment
    exif = bytearray(content[len(_EXIF) :])
    try:
        _blank(exif)
    except (struct.error, ValueError):
        return b""
    return segment[: 4 + len(_EXIF)] + bytes(exif)


def _blank(exif: bytearray) -> None:
    """Empties the list of the location. Raises ValueError or struct.error for invalid Exif."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(exif[:2]))
    if order is None:
        raise ValueError("no byte order")
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    entries = [struct.unpack_from(f"{order}HHII", exif, entry) for entry in _entries(exif, order, first)]
    places = [place for tag, _, _, place in entries if tag == _GPS]
    if len(places) > 1:
        raise ValueError("two places")
    for place in places:
        left = len(exif)
        for value in _entries(exif, order, place):
            left -= _erase(exif, order, value, left)
        exif[place : place + 2] = b"\0\0"


def _entries(exif: bytearray, order: str, at: int) -> Iterator[int]:
    """The positions of the entries of the list that begins at `at`."""
    (count,) = struct.unpack_from(f"{order}H", exif, at)
    if count > _MOST_ENTRIES:
        raise ValueError("too many entries")
    return iter(range(at + 2, at + 2 + 12 * count, 12))


def _erase(exif: bytearray, order: str, entry: int, most: int) -> int:
    """Erases an entry, and gives how many bytes it had outside of its list. Raises ValueError if these are too many, or
    missing.
    """
    _, kind, count, at = struct.unpack_from(f"{order}HHII", exif, entry)
    size: int = _SIZES.get(kind, 1) * count
    if size > 4:
        if size > most or at + size > len(exif):
            raise ValueError("more than fits")
        exif[at : at + size] = bytes(size)
    exif[entry : entry + 12] = bytes(12)
    return size
