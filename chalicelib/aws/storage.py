"""The S3 bucket: bodies too large for a queue, the ledger, the quarantine, media. Callers never choose keys.

A second bucket holds what nobody may replace or delete (Object Lock); keys can only be added there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from chalicelib import settings
from chalicelib.aws import clients, windows

TO_NETWORKS_SECONDS = 3600


@dataclass(frozen=True)
class Found:
    """A file in the bucket: its size, and its `mark`, the ETag, which changes with its bytes."""

    size: int
    mark: str


@dataclass(frozen=True)
class Form:
    """The URL to which a browser posts a file, and the form fields before the file."""

    url: str
    fields: Mapping[str, str]


@cache
def _client() -> Any:
    client = clients.make("s3", read_timeout=8, signature_version="s3v4", s3={"addressing_style": "path"})
    windows.use(client)
    return client


def put(key: str, body: bytes, mime: str, *, shown: bool = False, name: str = "") -> None:
    """Stores the body, replacing an earlier one. Browsers save it as a file called `name`, unless it is `shown`."""
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


def find(key: str) -> Found | None:
    entries = _objects(settings.get().bucket, key, "", 1)
    return next((Found(entry["Size"], entry["ETag"]) for entry in entries if entry["Key"] == key), None)


def beginning(key: str, mark: str, size: int) -> bytes | None:
    """The first bytes of the file; None if it was replaced since it had that mark."""
    answer = _unless_changed("get_object", Key=key, IfMatch=mark, Range=f"bytes=0-{size - 1}")
    return answer["Body"].read() if answer else None


def copy(source: str, key: str, mime: str, *, mark: str = "", shown: bool = False, name: str = "") -> bool:
    """Copies a file in the bucket; with a mark only if the file still has it. False if it was replaced or is gone."""
    whence = {"Bucket": settings.get().bucket, "Key": source}
    same = {"CopySourceIfMatch": mark} if mark else {}
    as_file = {} if shown else {"ContentDisposition": disposition(name)}
    type = {"ContentType": mime, "MetadataDirective": "REPLACE"}
    return _unless_changed("copy_object", Key=key, CopySource=whence, **same, **type, **as_file) is not None


def _unless_changed(operation: str, **asked: Any) -> Any:
    """S3's answer; None if the file is gone or was replaced."""
    from botocore.exceptions import ClientError

    try:
        return getattr(_client(), operation)(Bucket=settings.get().bucket, **asked)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("PreconditionFailed", "NoSuchKey", "404", "412"):
            return None
        raise


def form(key: str, mime: str, largest: int, seconds: int) -> Form:
    """A form with which a browser can put one file of that type, from 1 to `largest` bytes, under that key."""
    conditions = [{"Content-Type": mime}, {"success_action_status": "201"}, ["content-length-range", 1, largest]]
    made = _client().generate_presigned_post(
        settings.get().bucket, key, Fields={"Content-Type": mime, "success_action_status": "201"},
        Conditions=conditions, ExpiresIn=seconds,
    )  # fmt: skip
    return Form(made["url"], made["fields"])


def delete(key: str) -> None:
    _client().delete_object(Bucket=settings.get().bucket, Key=key)


def keys(prefix: str, *, after: str = "", limit: int = 1000) -> Iterator[str]:
    """The first keys after `after` that begin with the prefix, in order. Makes one call to S3."""
    return _keys_of_bucket(settings.get().bucket, prefix, after, limit)


def lock(key: str) -> None:
    """Adds the key to the bucket in which nothing can be replaced or deleted for years. A repeat does nothing."""
    from botocore.exceptions import ClientError

    # What is locked must come with a checksum, and what is added must not be there yet: the bucket asks for both.
    sure = {"IfNoneMatch": "*", "ChecksumAlgorithm": "SHA256"}
    try:
        _client().put_object(Bucket=settings.get().anchors, Key=key, Body=b"", **sure)
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise


def join(prefix: str, key: str, mime: str, name: str) -> None:
    """Joins all files whose keys begin with the prefix into one, in the order of their keys; only one at a time is in
    memory.
    """
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
    """The keys of locked objects with that prefix, in order."""
    return _keys_of_bucket(settings.get().anchors, prefix, after, limit)


def _keys_of_bucket(bucket: str, prefix: str, after: str, limit: int) -> Iterator[str]:
    return (entry["Key"] for entry in _objects(bucket, prefix, after, limit))


def _objects(bucket: str, prefix: str, after: str, limit: int) -> Iterator[Mapping[str, Any]]:
    options = {"StartAfter": after} if after else {}
    answer = _client().list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=limit, **options)
    return iter(answer.get("Contents", ()))


def link(key: str) -> str:
    """A URL of the file that works for at least a quarter of an hour, and stays the same for a quarter of an hour.

    So a browser that gets it again has the file in its cache. See `windows`.
    """
    return _address(key, windows.SECONDS)


def link_for_networks(key: str) -> str:
    """A URL of the file that works for up to an hour, because a network may fetch it later."""
    return _address(key, TO_NETWORKS_SECONDS)


def _address(key: str, seconds: int) -> str:
    params = {"Bucket": settings.get().bucket, "Key": key}
    address: str = _client().generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
    return address
