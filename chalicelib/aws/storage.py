"""The S3 bucket: bodies too large for a queue, the ledger, the quarantine, copied media. Callers never choose keys."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from chalicelib import settings

LINK_SECONDS = 900


@cache
def _client() -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=8, signature_version="s3v4", s3={"addressing_style": "path"})
    return boto3.client("s3", region_name=settings.get().region, config=config)


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
    options = {"StartAfter": after} if after else {}
    answer = _client().list_objects_v2(Bucket=settings.get().bucket, Prefix=prefix, MaxKeys=limit, **options)
    return (entry["Key"] for entry in answer.get("Contents", ()))


def link(key: str) -> str:
    """A URL of the file that works for a quarter of an hour."""
    address: str = _client().generate_presigned_url(
        "get_object", Params={"Bucket": settings.get().bucket, "Key": key}, ExpiresIn=LINK_SECONDS
    )
    return address
