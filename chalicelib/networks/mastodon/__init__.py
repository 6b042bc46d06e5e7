"""Mastodon: mentions, answers and direct messages of an account on any server.

https://docs.joinmastodon.org/api/
"""

from chalicelib.networks.base import Capabilities, MediaLimit, Network, Surface
from chalicelib.networks.mastodon import connect, consent, inbound, outbound, polling

_ALL: tuple[Surface, ...] = ("dm", "comment", "mention")

NETWORK = Network(
    key="mastodon",
    name="Mastodon",
    capabilities=Capabilities(
        surfaces=_ALL,
        reply=_ALL,
        quote=("dm",),
        ban=_ALL,
        report=_ALL,
        like=_ALL,
        echoes=True,
        text=dict.fromkeys(_ALL, outbound.LONGEST - outbound.MENTION),
        media={"image": MediaLimit(bytes=8_000_000, types=("image/jpeg", "image/png", "image/webp"))},
        media_surfaces=_ALL,
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
    publication=connect.publication,
    quotas=connect.quotas,
    consent=consent.CONSENT,
    polling=polling.POLLING,
    takes_bytes=True,
    many_servers=True,
)
