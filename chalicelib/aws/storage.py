"""The bucket: bodies too large for a queue, the ledger, the quarantine, copied media; keys are ours, never given."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import settings

LINK_SECONDS = 900


@cache
def _client() -> Any:

    config = Config(connect_timeout=2, read_timeout=8, signature_version="s3v4", s3={"addressing_style": "path"})
    return boto3.client("s3", region_name=settings.get().region, config=config)


def put(key: str, body: bytes, mime: str = "application/json", *, name: str = "") -> None:
    """Store the body under the key, replacing what was there."""
    extra = {"ContentDisposition": "attachment"} if name or not mime.startswith(("image/", "video/", "audio/")) else {}
    _client().put_object(Bucket=settings.get().bucket, Key=key, Body=body, ContentType=mime, **extra)


def get(key: str) -> bytes | None:
    """What is stored under the key, or None."""
    try:
        body: bytes = _client().get_object(Bucket=settings.get().bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    return body


def delete(key: str) -> None:
    """Take away what is stored under the key, if anything."""
    _client().delete_object(Bucket=settings.get().bucket, Key=key)


def keys(prefix: str, *, after: str = "", limit: int = 1000) -> Iterator[str]:
    """Keys below the prefix in their order, from after the given one; one call to S3."""
    options = {"StartAfter": after} if after else {}
    answer = _client().list_objects_v2(Bucket=settings.get().bucket, Prefix=prefix, MaxKeys=limit, **options)
    return (entry["Key"] for entry in answer.get("Contents", ()))


def link(key: str) -> str:
    """An address for the file, good for a quarter of an hour."""
    address: str = _client().generate_presigned_url(
        "get_object", Params={"Bucket": settings.get().bucket, "Key": key}, ExpiresIn=LINK_SECONDS
    )
    return address
