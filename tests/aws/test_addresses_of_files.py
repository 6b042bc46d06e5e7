"""Addresses and forms for files, beside what botocore itself signs."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib import clock
from chalicelib.aws import storage, windows

KEY = "media/agc_1/rpl_1/fil_1"


@pytest.fixture
def signing(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # it remembers whom it found first
    storage._client.cache_clear()
    yield
    storage._client.cache_clear()


def parts(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def test_address_is_the_same_for_a_quarter_of_an_hour_and_lives_longer(signing: None) -> None:
    address = storage.link(KEY)
    assert address == storage.link(KEY) or parts(address)["X-Amz-Date"] != parts(storage.link(KEY))["X-Amz-Date"]
    began = datetime.strptime(parts(address)["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert (began.minute % 15, began.second) == (0, 0)
    assert int(parts(address)["X-Amz-Expires"]) == 30 * 60


@pytest.mark.parametrize(("minute", "began"), [(0, 0), (14, 0), (15, 15), (59, 45)])
def test_windows_begin_four_times_an_hour(minute: int, began: int) -> None:
    now = clock.parse(f"2026-11-27T10:{minute:02d}:59.999Z")
    assert windows.beginning(now) == datetime(2026, 11, 27, 10, began, tzinfo=UTC)


def test_address_is_signed_as_botocore_signs_at_that_time(signing: None) -> None:
    address = storage.link_for_networks(KEY)
    asked = parts(address)
    request = AWSRequest("GET", address.partition("?")[0])
    request.context["timestamp"] = asked["X-Amz-Date"]
    signer = S3SigV4QueryAuth(Credentials("an-id", "a-secret"), "s3", "eu-west-1", int(asked["X-Amz-Expires"]))
    request.url = address.rpartition("&X-Amz-Signature=")[0]
    text = signer.string_to_sign(request, signer.canonical_request(request))
    assert signer.signature(text, request) == asked["X-Amz-Signature"]


def test_form_takes_one_file_of_one_type_within_bounds_for_five_minutes(signing: None) -> None:
    form = storage.form("upload/agc_1/upl_1", "image/png", 1000, 300)
    policy: dict[str, Any] = json.loads(base64.b64decode(form.fields["policy"]))
    exact = {
        name: value
        for condition in policy["conditions"]
        if isinstance(condition, dict)
        for name, value in condition.items()
    }
    assert (exact["key"], exact["Content-Type"], exact["bucket"]) == ("upload/agc_1/upl_1", "image/png", "none")
    assert [condition for condition in policy["conditions"] if isinstance(condition, list)] == [
        ["content-length-range", 1, 1000]
    ]
    left = clock.parse(policy["expiration"]) - clock.now()
    assert 290 * clock.SECOND < left <= 300 * clock.SECOND


def test_form_is_signed_as_botocore_signs(signing: None) -> None:
    form = storage.form("upload/agc_1/upl_1", "image/png", 1000, 300)
    request = AWSRequest("POST", form.url)
    request.context["timestamp"] = form.fields["x-amz-date"]
    signer = S3SigV4PostAuth(Credentials("an-id", "a-secret"), "s3", "eu-west-1")
    assert signer.signature(form.fields["policy"], request) == form.fields["x-amz-signature"]
