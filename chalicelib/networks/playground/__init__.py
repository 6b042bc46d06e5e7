"""The sandbox: a simulated network for brands on which people try things out. It calls nobody."""

from chalicelib.networks.base import Capabilities, MediaLimit, Network, Surface
from chalicelib.networks.playground import connect, inbound, outbound, plays

_EVERY: tuple[Surface, ...] = ("dm", "comment", "mention", "review")

NETWORK = Network(
    key="playground",
    name="Sandbox",
    capabilities=Capabilities(
        surfaces=_EVERY,
        reply=_EVERY,
        private_reply=("comment",),
        quote=("dm",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        delete=("dm", "comment"),
        report=("comment", "review"),
        like=("comment",),
        react=("dm",),
        read=True,
        typing=True,
        templates=True,
        receipts=("sent", "delivered", "read", "failed"),
        text={"dm": 2000, "comment": 1000, "mention": 1000, "review": 1000},
        media={
            "image": MediaLimit(bytes=8_000_000, types=("image/jpeg", "image/png", "image/gif", "image/webp")),
            "video": MediaLimit(bytes=25_000_000),
            "audio": MediaLimit(bytes=25_000_000),
            "file": MediaLimit(bytes=25_000_000),
        },
        media_surfaces=("dm", "comment"),
        window={"dm": 24},
        opens=("reaction",),
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    play=plays.body,
)
