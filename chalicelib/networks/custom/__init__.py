"""The agency's own network: its server posts events to a hook, and takes messages and acts by signed calls."""

from chalicelib.networks.base import Capabilities, MediaLimit, Network, Surface
from chalicelib.networks.custom import connect, inbound, outbound

_ALL: tuple[Surface, ...] = ("dm", "comment", "mention", "review")

NETWORK = Network(
    key="custom",
    name="Your own network",
    capabilities=Capabilities(
        surfaces=_ALL,
        reply=_ALL,
        private_reply=("comment",),
        quote=("dm",),
        hide=("comment",),
        hide_undo=True,
        delete=("dm", "comment"),
        ban=_ALL,
        restrict=_ALL,
        report=_ALL,
        like=("comment", "mention"),
        react=("dm", "comment"),
        read=True,
        typing=True,
        echoes=True,
        receipts=("sent", "delivered", "read", "failed"),
        text=dict.fromkeys(_ALL, 10_000),
        media={kind: MediaLimit(bytes=25_000_000) for kind in ("image", "video", "audio", "file")},
        media_surfaces=("dm", "comment"),
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    secret_per_channel=True,
    many_servers=True,
)
