"""What is secret in a call, or another each time, has a stand-in of the same form."""

from datetime import timedelta

import pytest

from chalicelib.api import schema
from tests.support.stand_ins import NOON, StandIns

ID, OTHER = "brd_01kb2x0000aaaa", "brd_01kb2x0000bbbb"
FIELDS = {"key": "upload/x", "Content-Type": "image/png"}
CASES = {
    "an id": ([{"of": ID}, OTHER, ID], [{"of": "brd_01kb2xexample1"}, "brd_01kb2xexample2", "brd_01kb2xexample1"]),
    "a moment": ("2026-11-27T11:00:00.400Z", "2026-11-27T12:00:00.000Z"),
    "a number that nobody else has": ("Brand 100000123, 100000124", "Brand 100000001, 100000002"),
    "an address here": ("http://localhost:4566/hooks/x", "https://api.example.com/hooks/x"),
    "a signed address": ("http://127.0.0.1:9000/bucket/a.png?X-Amz-Signature=1f", "https://files.example.com/1"),
    "the address of the bucket": ("http://localhost:4566/palabre-local-bucket-0c7a", "https://files.example.com"),
    "an address elsewhere": ("https://shop.example/a?b=c", "https://shop.example/a?b=c"),
    "a hash": ("a" * 64, "1".rjust(64, "0")),
    "a cursor": ("WyJjb252ZXJzYXRpb25zIiwxMjM0NV0", "example-1"),
    "the id of a request": ("3f0c1e1a-1234-4abc-8def-0123456789ab", "5f0c1e1a-0000-4000-8000-000000000001"),
    "what people say": ("Where is my order? 24.90 EUR", "Where is my order? 24.90 EUR"),
    "a token": ({"token": "EAAG1234"}, {"token": "example-secret"}),
    "a token with ids": ({"token": f"{ID}.x9x9"}, {"token": "brd_01kb2xexample1.example-secret-of-a-link"}),
    "a record": ("palabre-verification=x9x9x9x9x9x9x9x9x9x9x9x9", "palabre-verification=example-1"),
    "a name in a domain": ("_palabre.firm100000123.example", "_palabre.firm100000001.example"),
    "a user pool": ("eu-west-1_wwzKFjONU", "eu-west-1_example01"),
    "a page that lets in": ({"secret": "http://localhost:1/p/x9"}, {"secret": "https://pages.example.com/example-secret"}),
    "a form": ({"fields": FIELDS}, {"fields": {"key": "example-key", "Content-Type": "image/png"}}),
    "what is no text": ([1, True, None], [1, True, None]),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_stand_in_of(what: str) -> None:
    given, stands = CASES[what]
    assert StandIns(NOON - timedelta(hours=1)).of(given) == stands


def test_what_the_schema_calls_a_secret_is_one() -> None:
    body = schema.body("Thing", key=schema.secret("It"))
    assert StandIns(NOON).of({"key": "pal_full_0123456789abcdefghij0123"}, body) == {"key": "pal_full_example-secret"}
