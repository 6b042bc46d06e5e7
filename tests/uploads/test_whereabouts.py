"""A photo tells nobody where it was taken, and looks as before."""

import struct
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.uploads import whereabouts
from tests.support.hostile import MOST_MS, cpu_ms

IMAGE = b"\xff\xda\x00\x04\x01\x02 the picture itself, with \xff\xe1 in it \xff\xd9"
JFIF = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
LATITUDE = struct.pack("<6I", 48, 1, 51, 1, 30, 1)


def segment(content: bytes, marker: int = 0xE1) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def exif(order: str = "<") -> bytes:
    """How it is turned, and where it was taken: a latitude beyond its list, and a reference within."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    first = struct.pack(f"{order}H", 2)
    first += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, 6, 0)
    first += struct.pack(f"{order}HHII", 0x8825, 4, 1, 38) + struct.pack(f"{order}I", 0)
    gps = struct.pack(f"{order}H", 2)
    gps += struct.pack(f"{order}HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack(f"{order}HHII", 2, 5, 3, 68)
    return b"Exif\0\0" + head + first + gps + struct.pack(f"{order}I", 0) + LATITUDE


def photo(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + IMAGE


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_goes_and_the_rest_stays(order: str) -> None:
    before = photo(JFIF, segment(exif(order)))
    after = whereabouts.without_location(before)
    assert LATITUDE in before
    assert LATITUDE not in after
    assert len(after) == len(before)
    assert struct.pack(f"{order}HHIHH", 0x0112, 3, 1, 6, 0) in after
    assert after.startswith(b"\xff\xd8" + JFIF)
    assert after.endswith(IMAGE)
    assert whereabouts.without_location(after) == after


def test_what_programs_repeat_of_it_goes_whole() -> None:
    packet = segment(b'http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude="48,51.5N"/>')
    assert whereabouts.without_location(photo(JFIF, packet)) == photo(JFIF)


def test_exif_that_cannot_be_read_goes_whole() -> None:
    broken = [exif()[:50], b"Exif\0\0??*\0", exif().replace(struct.pack("<I", 68), struct.pack("<I", 9999))]
    assert [whereabouts.without_location(photo(segment(block))) for block in broken] == [photo()] * 3


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n\x1a\n", photo(JFIF), photo(segment(b"other"))])
def test_what_has_no_place_is_as_it_was(body: bytes) -> None:
    assert whereabouts.without_location(body) == body


def test_what_was_made_to_cost_time_costs_none() -> None:
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)
    greedy = b"Exif\0\0" + head + struct.pack("<H", 1000) + struct.pack("<HHII", 1, 1, 50_000, 13_000) * 1000
    greedy += bytes(65_500 - len(greedy))
    fill, alone = b"\xff\xd8" + b"\xff" * (20 << 20), b"\xff\xd8" + b"\xff\xd0" * (10 << 20)
    for body in (photo(*[segment(greedy)] * 300), fill, alone):
        assert cpu_ms(partial(whereabouts.without_location, body)) < MOST_MS


@given(st.binary(max_size=200), st.integers(0, 120), st.binary(max_size=4))
@example(b"", 0, b"")
def test_nothing_breaks_it(noise: bytes, at: int, other: bytes) -> None:
    whole = photo(segment(exif()), noise)
    for body in (b"\xff\xd8" + noise, whole[:at] + other + whole[at + len(other) :], whole[:at]):
        after = whereabouts.without_location(body)
        assert len(after) <= len(body)
        assert whereabouts.without_location(after) == after
