"""Bluesky: answers, mentions, quotes and direct messages of an account on any server of the AT Protocol.

https://docs.bsky.app/
"""

from chalicelib.networks.base import Capabilities, MediaLimit, Network
from chalicelib.networks.bluesky import connect, consent, inbound, outbound, polling

NETWORK = Network(
    key="bluesky",
    name="Bluesky",
    capabilities=Capabilities(
        surfaces=("dm", "comment", "mention"),
        reply=("dm", "comment", "mention"),
        hide=("comment",),
        hide_seen_by="everybody_who_asks",
        hide_undo=True,
        ban=("dm", "comment", "mention"),
        report=("comment", "mention"),
        like=("comment", "mention"),
        react=("dm",),
        echoes=True,
        # Bluesky counts graphemes. Each has one character or more, so what keeps to this is never too long there.
        text={"dm": 1000, "comment": 300, "mention": 300},
        media={"image": MediaLimit(bytes=2_000_000, types=("image/jpeg", "image/png", "image/webp"))},
        media_surfaces=("comment", "mention"),
        reactions=("❤️", "👍", "😆", "👀", "😢"),
        publications=("comment", "mention"),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=lambda raw, headers, secrets: False,
    parts=outbound.parts,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=lambda credentials, hook, secret: None,
    unsubscribe=lambda credentials: None,
    profile=connect.profile,
    publication=connect.publication,
    quotas=connect.quotas,
    consent=consent.CONSENT,
    polling=polling.POLLING,
    takes_bytes=True,
    many_servers=True,
)
