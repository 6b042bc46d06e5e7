"""What networks hand out when they are asked, as they really do, what they post of it, and which events that gives."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.base import Delete, Edit, Event, Hint, Message, PostEdited, Unhandled
from tests.networks.folders import of
from tests.payloads import samples

pytestmark = samples.needed
ENGAGEMENT = (Unhandled, {"reason": "engagement"})
Wanted = tuple[type[Event], Mapping[str, Any]]
BSKY, PLACE = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb", "accounts/111/locations/222"
FOLDERS = {"appreviews": "app_store", "gbp": "google_business"}  # of samples whose folder is not named as its network
HANDED_OUT: Mapping[str, tuple[str, list[Wanted]]] = {
    "bluesky/doc-chat-getLog.json": (
        BSKY, [(Message, {"text": "hi DM", "direction": "in"}), (Delete, {"ids": ("3kmsg0",)})],
    ),
    "bluesky/doc-listNotifications.json": (
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
    "gbp/doc-review-resource.json": (
        PLACE,
        [
            (Message, {"text": "Good food", "context": {"rating": "4"}}), (Edit, {"text": "Good food"}),
            (Message, {"text": "Thanks!", "direction": "out"}),
        ],
    ),
    "mastodon/doc-notification-favourite.json": ("trwnh@mastodon.social", [ENGAGEMENT]),
    "mastodon/doc-notification-mention.json": (
        "trwnh@mastodon.social",
        [(Message, {"text": "@trwnh sup :)", "surface": "comment", "reply_to": "103186038209478945"})],
    ),
    "mastodon/doc-stream-delete.json": ("trwnh@mastodon.social", [(Delete, {"ids": ("103186126728896492",)})]),
    "youtube/poll-commentThreads.json": (
        "CHANNEL_ID",
        [
            (Message, {"text": "Great *video* & more", "direction": "in"}), (Edit, {"text": "Great *video* & more"}),
            (Message, {"direction": "out"}),
        ],
    ),
}  # fmt: skip
POSTED: Mapping[str, tuple[str, Wanted]] = {
    "appreviews/appstore-webhook-version-state.json": ("", (Unhandled, {"reason": "malformed"})),
    "gbp/pubsub-new-review.json": (PLACE, (Hint, {})),
    "youtube/doc-new-video.xml": ("CHANNEL_ID", (PostEdited, {"id": "VIDEO_ID", "at": 1425927924552})),
}

UNASKED = ("bluesky/jetstream-account.json", "bluesky/jetstream-like.json")  # of a stream that nobody here listens to


@pytest.mark.parametrize("name", HANDED_OUT)
def test_what_is_handed_out_gives_its_events(name: str) -> None:
    account, wanted = HANDED_OUT[name]
    inbounds = list(network(name).parse({"account": account, "items": items(json.loads(samples.raw(name)))}))
    assert [type(inbound.event) for inbound in inbounds] == [kind for kind, _ in wanted]
    for inbound, (_, fields) in zip(inbounds, wanted, strict=True):
        assert {field: getattr(inbound.event, field) for field in fields} == fields


@pytest.mark.parametrize("name", POSTED)
def test_what_is_posted_of_it_gives_its_event(name: str) -> None:
    account, (kind, fields) = POSTED[name]
    asked = network(name)
    [inbound] = asked.parse(asked.decode(samples.raw(name)))
    assert (inbound.account, type(inbound.event)) == (account, kind)
    assert {field: getattr(inbound.event, field) for field in fields} == fields


def test_every_sample_of_a_network_that_is_asked_has_its_expectation() -> None:
    expected = {*HANDED_OUT, *POSTED}
    assert all(network(name).polling for name in expected)
    folders = {name.partition("/")[0] for name in expected}
    there = {f"{folder}/{path.name}" for folder in folders for path in (samples.FOLDER / folder).iterdir()}
    assert {name for name in there if name not in UNASKED} == expected


def network(name: str) -> base.Network:
    folder = name.partition("/")[0]
    return of(FOLDERS.get(folder, folder))


def items(sample: Any) -> list[Any]:
    """Those of a page, or of what holds one."""
    if isinstance(sample, list):
        return sample
    return next((rows for rows in sample.values() if isinstance(rows, list) and isinstance(rows[0], dict)), [sample])
