"""DynamoDB is sent what botocore would sign with the same key, over the headers that have to be signed."""

import io
import time
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError
from botocore.session import Session
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.store import signatures
from tests.support import botocore_sessions

SIGNED = "content-type;host;x-amz-date;x-amz-target"
WORDS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+", min_size=1, max_size=40)
ADDRESSES = ["https://dynamodb.eu-west-1.amazonaws.com/", "http://127.0.0.1:4566/", "https://table.example:443/"]
Headers = list[Mapping[str, str]]


def client(session: Session, statuses: list[int], sent: Headers) -> Any:
    """A client whose requests end here: `sent` keeps their headers, and each gets the next of these statuses."""
    made = session.create_client("dynamodb", region_name="eu-west-1", endpoint_url=ADDRESSES[1])

    def send(request: Any, **_: object) -> AWSResponse:
        sent.append({name: text(value) for name, value in request.headers.items()})
        raw: Any = io.BytesIO(b"{}")
        raw.stream = lambda **_: iter([raw.read()])
        return AWSResponse(request.url, statuses.pop(0), {}, raw)

    made.meta.events.register("before-send.dynamodb", send)
    signatures.sign_by(made, session.get_credentials())
    return made


def text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


@given(st.binary(max_size=200), st.sampled_from(ADDRESSES), WORDS, st.none() | WORDS, st.integers(0, 1 << 31))
def test_a_signature_is_botocores(body: bytes, url: str, secret: str, token: str | None, at: int) -> None:
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
    credentials = Credentials("AKIDEXAMPLE", secret, token)
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.Query"}
    ours = AWSRequest("POST", url, {**headers, "User-Agent": "palabre"}, body)
    signatures.add(ours, credentials, "eu-west-1", moment)
    theirs = AWSRequest("POST", url, {**headers, "X-Amz-Date": moment}, body)
    if token:
        theirs.headers["X-Amz-Security-Token"] = token
    theirs.context["timestamp"] = moment
    signer = SigV4Auth(credentials, "dynamodb", "eu-west-1")
    wanted = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    assert ours.headers["Authorization"].endswith(f"Signature={wanted}")
    assert f"Credential={signer.scope(theirs)}, " in ours.headers["Authorization"]


def test_each_attempt_is_signed_once_and_not_by_botocore() -> None:
    """If this fails with a new botocore, requests are signed by it as well, or by nobody."""
    session, sent = botocore_sessions.fresh(), list[Mapping[str, str]]()
    session.set_credentials("key", "secret", "token")
    client(session, [500, 200], sent).get_item(TableName="t", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
    signed = [headers["Authorization"].split(", ")[1] for headers in sent]
    assert signed == ["SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target"] * 2
    assert [headers["X-Amz-Security-Token"] for headers in sent] == ["token"] * 2


def test_credentials_that_change_are_used_from_the_next_request_on() -> None:
    sent: Headers = []
    session = botocore_sessions.fresh()
    session.set_credentials("key", "secret")
    asking = client(session, [200, 200], sent)
    asking.list_tables()
    changing: Any = session.get_credentials()
    changing.access_key, changing.secret_key = "another", "other"
    asking.list_tables()
    assert [headers["Authorization"].split("/")[0].rpartition("=")[2] for headers in sent] == ["key", "another"]
    assert SIGNED in sent[0]["Authorization"]


def test_nobody_asks_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with pytest.raises(NoCredentialsError):
        client(botocore_sessions.fresh(), [200], []).list_tables()
