"""Which outcome each answer of Meta's APIs becomes, whichever network called."""

from typing import Any

import pytest

from chalicelib.networks import base, http
from chalicelib.networks._meta import graph, messaging, outcomes
from chalicelib.networks._meta.envelope import Item

TABLES = {"graph": outcomes.GRAPH, "send": outcomes.SEND, "comments": outcomes.COMMENTS, "cloud": outcomes.CLOUD}


def become(codes: outcomes.Codes, status: int = 400, method: str = "POST", **error: Any) -> type[base.Outcome]:
    return type(graph.outcome(method, http.Response(status, value={"error": error}), codes))


# F17
@pytest.mark.parametrize("table", TABLES)
def test_every_pair_becomes_the_outcome_its_table_names(table: str) -> None:
    for (code, subcode), outcome in TABLES[table].items():
        error: dict[str, Any] = {"code": code, "error_subcode": subcode} if subcode else {"code": code}
        assert become(TABLES[table], **error) is outcome


# F17
def test_pair_has_one_meaning_in_all_tables_of_messages_and_comments() -> None:
    tables = (outcomes.GRAPH, outcomes.SEND, outcomes.COMMENTS)
    pairs = {pair for table in tables for pair in table if pair[1]}
    assert [pair for pair in pairs if len({table[pair] for table in tables if pair in table}) > 1] == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (400, {"code": 99999}, base.Rejected),
        (403, {"code": "190"}, base.Expired),
        (400, {"code": 99999, "is_transient": True}, base.Unknown),
        (408, {}, base.Unknown),
        (429, {}, base.Throttled),
        (401, {}, base.Expired),
        (404, {}, base.Rejected),
        (500, {"code": 99999}, base.Unknown),
        (200, {"code": 99999}, base.Unknown),
    ],
)
def test_error_nobody_listed_is_unknown_if_something_may_have_been_made(
    table: str, status: int, error: dict[str, Any], outcome: type[base.Outcome]
) -> None:
    assert become(TABLES[table], status, **error) is outcome
    asked = become(TABLES[table], status, "GET", **error)
    assert asked is (base.Unreachable if outcome is base.Unknown else outcome)


# Kind 10: an answer 4xx does not prove that nothing was made.
def test_comment_that_was_made_before_its_fields_were_refused_is_unknown() -> None:
    assert become(outcomes.COMMENTS, 400, code=20, error_subcode=1772107) is base.Unknown


# F27
def test_connecting_is_refused_for_good_unless_a_later_try_can_end_otherwise() -> None:
    expected = (*(base.Expired, base.Revoked, base.ScopeLost), base.Rejected, base.Throttled, base.Unreachable)
    for code, subcode in {pair for table in TABLES.values() for pair in table}:
        error: dict[str, Any] = {"code": code, "error_subcode": subcode} if subcode else {"code": code}
        assert become(outcomes.CONNECT, method="GET", **error) in expected
    assert become(outcomes.CONNECT, method="GET", code=100, error_subcode=33) is base.Rejected


# S6
@pytest.mark.parametrize(
    ("url", "is_copied"),
    [
        ("https://scontent.xx.fbcdn.net/1.jpg", True),
        ("https://fbcdn.net/1.jpg", True),
        ("https://LOOKASIDE.FBSBX.COM/1.jpg", True),
        ("https://evil-fbcdn.net/1.jpg", False),
        ("https://fbcdn.net.evil.example/1.jpg", False),
        ("https://evil.example/fbcdn.net/1.jpg", False),
        ("https://evil.example#.fbcdn.net/", False),
        ("https://fbcdn.net@evil.example/", False),
        ("https://[::1.fbcdn.net/", False),
        ("http://fbcdn.net/1.jpg", False),
    ],
)
def test_shared_link_is_copied_from_hosts_of_meta_alone(url: str, is_copied: bool) -> None:
    message = {"mid": "m_1", "attachments": [{"type": "fallback", "payload": {"url": url}}]}
    value = {"sender": {"id": "1"}, "recipient": {"id": "2"}, "message": message}
    said = messaging.message(Item(account="2", field="messaging", value=value, time=0))
    assert isinstance(said, base.Message)
    assert said.attachments[0].expires is is_copied
