"""Example: a network that does not exist. It shows how a network is written, and the test journeys run on it."""

from chalicelib.networks.base import Capabilities, MediaLimit, Network
from chalicelib.networks.example import connect, inbound, outbound
from chalicelib.networks.example.consent import CONSENT

NETWORK = Network(
    key="example",
    name="Example",
    capabilities=Capabilities(
        surfaces=("dm", "comment", "mention", "review"),
        reply=("dm", "comment", "mention", "review"),
        private_reply=("comment",),
        quote=("dm",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        delete=("dm", "comment"),
        report=("comment",),
        react=("dm",),
        read=True,
        typing=True,
        echoes=True,
        receipts=("delivered", "read", "failed"),
        text={"dm": 2000, "comment": 1000, "mention": 1000, "review": 1000},
        media={
            "image": MediaLimit(bytes=8_000_000, types=("image/jpeg", "image/png")),
            "file": MediaLimit(bytes=25_000_000),
        },
        window={"dm": 24},
        opens=("reaction",),
        publications=("comment", "mention"),
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    handshake=inbound.handshake,
    send=outbound.send,
    act=outbound.act,
    is_shown=outbound.is_shown,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    download=connect.download,
    publication=connect.publication,
    consent=CONSENT,
    unheard=connect.unheard,
    past=connect.past,
    quotas=connect.quotas,
)
