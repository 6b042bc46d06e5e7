"""The queued form of a webhook: the body, or where it is stored, and when it arrived."""

import base64
from collections.abc import Mapping
from typing import Any

from chalicelib import ids
from chalicelib.aws import storage
from chalicelib.aws.queues import Task
from chalicelib.transport import bodies

Envelope = Mapping[str, Any]


def task(network: str, hook_channel: str, raw: bytes, now: int, *, group: str, delay: int = 0) -> Task:
    """The task to apply a body, which is verified already, after `delay` seconds."""
    return Task("inbound", _envelope(network, hook_channel, raw, now), group=group, delay=delay)


def _envelope(network: str, hook_channel: str, raw: bytes, now: int) -> Envelope:
    body = {"body": raw.decode()} if raw.isascii() else {"base64": base64.b64encode(raw).decode()}
    posted = body if bodies.fits(body) else store(network, raw)
    return {"network": network, "hook": hook_channel, "received_at": now, **posted}


def store(network: str, raw: bytes) -> Envelope:
    """Stores a body that is too large for a queue. Gives the field that takes the body's place in the envelope: its key
    in the bucket.
    """
    key = f"inbound/{network}/{ids.new('raw')}"
    storage.put(key, raw, "application/octet-stream")
    return {"stored": key}
