"""The S3 bucket: bodies too large for a queue, the ledger, the quarantine, copied media. Callers never choose keys.

A second bucket keeps what nobody may replace or delete (Object Lock): there one can only add a key.
"""

from collections.abc import Iterator
from functools import cache
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from chalicelib import settings
from chalicelib.aws import clients

LINK_SECONDS = 900


@cache
def _client() -> Any:
    return clients.make("s3", read_timeout=8, signature_version="s3v4", s3={"addressing_style": "path"})


def put(key: str, body: bytes, mime: str, *, shown: bool = False, name: str = "") -> None:
    """Stores the body, and replaces what was there. Browsers save it as a file called `name`, unless it is `shown`."""
    as_file = {} if shown else {"ContentDisposition": disposition(name)}
    _client().put_object(Bucket=settings.get().bucket, Key=key, Body=body, ContentType=mime, **as_file)


def disposition(name: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc6266"""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}" if name else "attachment"


def get(key: str) -> bytes | None:
    from botocore.exceptions import ClientError

    try:
        body: bytes = _client().get_object(Bucket=settings.get().bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    return body


def delete(key: str) -> None:
    _client().delete_object(Bucket=settings.get().bucket, Key=key)


def keys(prefix: str, *, after: str = "", limit: int = 1000) -> Iterator[str]:
    """The first keys after `after` that begin with the prefix, in order. Makes one call to S3."""
    return _keys(settings.get().bucket, prefix, after, limit)


def lock(key: str) -> None:
    """Adds the key to what nobody can replace or delete for years. A repeat does nothing."""
    from botocore.exceptions import ClientError

    # What is locked must come with a checksum, and what is added must not be there yet: the bucket asks for both.
    sure = {"IfNoneMatch": "*", "ChecksumAlgorithm": "SHA256"}
    try:
        _client().put_object(Bucket=settings.get().anchors, Key=key, Body=b"", **sure)
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise


def join(prefix: str, key: str, mime: str, name: str) -> None:
    """Makes one file of all whose keys begin with the prefix, in their order; one after the other is in memory."""
    with TemporaryFile() as joined:
        parts, after = list(keys(prefix)), ""
        while parts:
            for part in parts:
                joined.write((get(part) or b"") if part != key else b"")
            after = parts[-1]
            parts = list(keys(prefix, after=after))
        joined.seek(0)
        bucket = settings.get().bucket
        _client().put_object(
            Bucket=bucket, Key=key, Body=joined, ContentType=mime, ContentDisposition=disposition(name)
        )


def locked(prefix: str, *, after: str = "", limit: int = 1000) -> Iterator[str]:
    """Like `keys`, of what is locked."""
    return _keys(settings.get().anchors, prefix, after, limit)


def _keys(bucket: str, prefix: str, after: str, limit: int) -> Iterator[str]:
    options = {"StartAfter": after} if after else {}
    answer = _client().list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=limit, **options)
    return (entry["Key"] for entry in answer.get("Contents", ()))


def link(key: str) -> str:
    """A URL of the file that works for a quarter of an hour."""
    address: str = _client().generate_presigned_url(
        "get_object", Params={"Bucket": settings.get().bucket, "Key": key}, ExpiresIn=LINK_SECONDS
    )
    return address
