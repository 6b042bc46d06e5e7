"""What Stripe posts: proven, reduced, and judged."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.billing import notices
from chalicelib.billing.notices import Outcome
from tests.billing.stripe_objects import NOW, SECONDS

SECRET = "whsec_1"
BODY = b'{"id": "evt_1",  "object": "event"}'
VERSION = "2026-10-28.endive"
EVENT = {
    "id": "evt_1", "object": "event", "type": "invoice.paid", "livemode": True, "created": SECONDS,
    "api_version": VERSION, "data": {"object": {"id": "in_1", "object": "invoice", "customer": "cus_1"}},
}  # fmt: skip
THIN = {
    "id": "evt_2", "object": "v2.core.event", "type": "v1.customer.updated", "livemode": True, "context": None,
    "created": "2026-11-22T15:00:00Z", "snapshot_event": "evt_1",
    "related_object": {"id": "cus_1", "type": "customer", "url": "/v1/customers/cus_1"},
}  # fmt: skip


def digest(raw: bytes = BODY, at: int = SECONDS, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()


def holds(header: str, raw: bytes = BODY, *secrets: str) -> bool:
    return notices.is_signed(header, raw, secrets or (SECRET,), NOW)


def judged(event: Any, *, livemode: bool = True) -> Outcome:
    raw = event if isinstance(event, bytes) else json.dumps(event).encode()
    return notices.outcome(notices.read(raw), livemode=livemode, api_version=VERSION)


GOOD = digest()


@pytest.mark.parametrize(
    "header",
    [
        "", "nonsense", f"t={SECONDS}", f"v1={GOOD}", f"t={SECONDS},v0={GOOD}", f"t={SECONDS},t={SECONDS},v1={GOOD}",
        f"t=0x1,v1={GOOD}", f"t=-{SECONDS},v1={GOOD}", f"t=,v1={GOOD}", f"t=\u0661{SECONDS},v1={GOOD}",
        f"t={SECONDS},v1=\u00e9",
        f"t={'9' * 400},v1={GOOD}", f"t={SECONDS},v1={GOOD}" + "," * 102_400, f"t={SECONDS},v1=",
        f"t={SECONDS} ,v1={GOOD}",
    ],
)  # fmt: skip
def test_what_proves_nothing_is_refused(header: str) -> None:
    """BI-01."""
    assert not holds(header)


def test_any_of_several_signatures_and_secrets_will_do() -> None:
    """BI-02."""
    assert holds(f"t={SECONDS},v1={'0' * 64},v1={GOOD}")
    assert holds(f"t={SECONDS},v1={GOOD},v0=abc", BODY, "whsec_new", SECRET)
    assert not holds(f"t={SECONDS},v1={GOOD}", BODY, "whsec_new", "")
    assert not notices.is_signed(f"t={SECONDS},v1={digest(secret='')}", BODY, [""], NOW)
    assert not notices.is_signed(f"t={SECONDS},v1={GOOD}", BODY, [], NOW)


@pytest.mark.parametrize(("hours", "known"), [(23, True), (25, False)])
def test_the_previous_secret_holds_for_a_day(hours: int, known: bool) -> None:
    """BI-02."""
    stored = {"signing": ["new"], "previous": {"signing": ["old"], "until": NOW + clock.DAY}}
    assert ("old" in notices.live_secrets(stored, NOW + hours * clock.HOUR)) is known
    assert notices.live_secrets({}, NOW) == ()


@pytest.mark.parametrize(("seconds", "known"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_signature_holds_for_five_minutes_either_way(seconds: int, known: bool) -> None:
    """BI-03."""
    at = SECONDS + seconds
    assert holds(f"t={at},v1={digest(at=at)}") is known


@pytest.mark.parametrize("raw", [json.dumps(json.loads(BODY)).encode(), b"\xef\xbb\xbf" + BODY, BODY[:-1] + b" "])
def test_one_byte_that_differs_breaks_the_signature(raw: bytes) -> None:
    """BI-04."""
    assert not holds(f"t={SECONDS},v1={GOOD}", raw)


def test_what_is_signed_and_no_text_is_put_aside() -> None:
    """BI-04."""
    raw = b'{"id": "\xff"}'
    assert holds(f"t={SECONDS},v1={digest(raw)}", raw)
    assert judged(raw) == Outcome("quarantine", "unreadable")


@pytest.mark.parametrize(
    "raw", [b"[]", b'"x"', b"1e999", b'{"id": 1, "id": 2}', b"[" * 10_000, b"{}", b'{"object": "bird"}']
)
def test_what_is_signed_and_no_event_is_put_aside(raw: bytes) -> None:
    """BI-05."""
    assert judged(raw) == Outcome("quarantine", "unreadable")


def test_both_forms_of_an_event_are_read() -> None:
    full, thin = (notices.read(json.dumps(event).encode()) for event in (EVENT, THIN))
    assert full == notices.Notice("evt_1", "invoice.paid", "in_1", "invoice", "cus_1", True, False, NOW, VERSION)
    assert thin and (thin.id, thin.type, thin.customer, thin.created) == (
        "evt_1", "customer.updated", "cus_1", 1_795_359_600_000,
    )  # fmt: skip


def test_a_notice_of_another_mode_or_account_is_done_with_and_a_strangers_put_aside() -> None:
    """BI-11."""
    assert judged(EVENT, livemode=False) == Outcome("ignored", "other_mode")
    assert judged({**EVENT, "account": "acct_1"}) == Outcome("ignored", "other_account")
    assert judged({**THIN, "context": "org_1"}) == Outcome("ignored", "other_account")
    assert notices.for_agency(judged(EVENT), None) == Outcome("quarantine", "stranger")
    assert notices.for_agency(judged(EVENT), "agn_1") == Outcome("apply")


@pytest.mark.parametrize("id", ["../x", "cus_1/..", "", "cus 1", "cus_\u00e9", "c" * 256, 7, None])
def test_an_id_that_is_not_plain_is_put_aside(id: Any) -> None:
    """BI-13."""
    assert judged({**THIN, "related_object": {"id": id, "type": "customer"}}).do == "quarantine"


def test_the_address_in_a_thin_event_is_not_kept() -> None:
    """BI-13."""
    evil = {**THIN, "related_object": {"id": "cus_1", "type": "customer", "url": "https://evil.example/v1/x"}}
    assert "evil" not in repr(notices.read(json.dumps(evil).encode()))
    assert judged(evil) == Outcome("apply")


@pytest.mark.parametrize("type", ["invoice.created", "customer.created", "moon.risen"])
def test_a_type_that_we_do_not_listen_to_is_ignored(type: str) -> None:
    """BI-14."""
    assert judged({**EVENT, "type": type}) == Outcome("ignored", "ignored")


@pytest.mark.parametrize("version", ["2019-01-01", "2099-01-01.zebra"])
def test_a_notice_of_another_version_is_applied_and_counted(version: str) -> None:
    """BI-15."""
    assert judged({**EVENT, "api_version": version}) == Outcome("apply", "other_version")


def test_metadata_never_say_whose_it_is() -> None:
    named = {"id": "in_1", "object": "invoice", "metadata": {"agency": "agn_2"}, "client_reference_id": "agn_2"}
    notice = notices.read(json.dumps({**EVENT, "data": {"object": named}}).encode())
    assert notice and notice.customer == "" and "agn_2" not in repr(notice)


@given(st.binary(max_size=60), st.text(max_size=200))
def test_nothing_raises(raw: bytes, header: str) -> None:
    assert not holds(header, raw)
    judged(raw)


@given(st.sampled_from(sorted({*EVENT, *THIN})), st.none() | st.integers() | st.text() | st.lists(st.integers()))
def test_no_value_of_any_field_raises(name: str, value: Any) -> None:
    assert judged({**EVENT, name: value}).do in ("apply", "ignored", "quarantine")
    assert judged({**THIN, name: value}).do in ("apply", "ignored", "quarantine")
