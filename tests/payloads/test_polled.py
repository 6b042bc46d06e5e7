"""What networks hand out when they are asked, as they really do, and which events it gives.

The samples lie beside the repository and are left out where they do not.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Delete, Event, Message, Unhandled
from tests.networks.folders import of
from tests.payloads.test_samples import SHARED

ENGAGEMENT = (Unhandled, {"reason": "engagement"})
Wanted = tuple[type[Event], Mapping[str, Any]]
BSKY = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
SAMPLES: Mapping[str, tuple[str, list[Wanted]]] = {
    "bluesky/doc-chat-getLog": (
        BSKY, [(Message, {"text": "hi DM", "direction": "in"}), (Delete, {"ids": ("3kmsg0",)})],
    ),
    "bluesky/doc-listNotifications": (
        BSKY,
        [
            (
                Message,
                {
                    "text": "Is this in stock?", "surface": "comment",
                    "thread": f"at://{BSKY}/app.bsky.feed.post/3mmojbrjwbs26",
                },
            ),
            ENGAGEMENT,
        ],
    ),
    "mastodon/doc-notification-favourite": ("trwnh@mastodon.social", [ENGAGEMENT]),
    "mastodon/doc-notification-mention": (
        "trwnh@mastodon.social",
        [(Message, {"text": "@trwnh sup :)", "surface": "comment", "reply_to": "103186038209478945"})],
    ),
    "mastodon/doc-stream-delete": ("trwnh@mastodon.social", [(Delete, {"ids": ("103186126728896492",)})]),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_gives_its_events(name: str) -> None:
    if not SHARED.exists():
        pytest.skip("the samples are not here")
    sample, (account, wanted) = json.loads((SHARED / f"{name}.json").read_bytes()), SAMPLES[name]
    found = [
        inbound.event for inbound in of(name.partition("/")[0]).parse({"account": account, "items": items(sample)})
    ]
    assert [type(event) for event in found] == [kind for kind, _ in wanted]
    for event, (_, fields) in zip(found, wanted, strict=True):
        assert {field: getattr(event, field) for field in fields} == fields


def items(sample: Any) -> list[Any]:
    """Those of a page, or of what holds one."""
    if isinstance(sample, list):
        return sample
    return next((rows for rows in sample.values() if isinstance(rows, list) and isinstance(rows[0], dict)), [sample])


def test_every_sample_of_a_network_that_is_asked_has_its_expectation() -> None:
    folders = {name.partition("/")[0] for name in SAMPLES}
    assert all(isinstance(of(key), base.Network) and of(key).polling for key in folders)
    there = {f"{key}/{path.stem}" for key in folders for path in SHARED.glob(f"{key}/doc-*.json")}
    assert there <= set(SAMPLES)
