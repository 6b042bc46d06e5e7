"""X: posts that mention the account, replies to its own, and direct messages with one person.

https://docs.x.com/x-api
"""

from chalicelib.networks import base
from chalicelib.networks.x import connect, consent, hook, inbound, outbound, past

_PRICE = base.Cost(cost="paid", page="https://docs.x.com/x-api/getting-started/pricing", note="depends_on_content")

NETWORK = base.Network(
    key="x",
    name="X",
    capabilities=base.Capabilities(
        surfaces=("dm", "comment", "mention"),
        reply=("dm", "comment", "mention"),
        quote=("comment", "mention"),
        hide=("comment",),
        hide_seen_by="everybody_who_asks",
        hide_undo=True,
        hide_rate=base.Rate(calls=50, seconds=900),
        ban=("dm",),
        echoes=True,
        receipts=("read",),
        text={"dm": 10_000, "comment": 280, "mention": 280},
        text_weighed=("comment", "mention"),
        media={"image": base.MediaLimit(bytes=5_000_000, types=("image/jpeg", "image/png", "image/webp"))},
        media_surfaces=("dm", "comment", "mention"),
        costs={"reply": (_PRICE,), "receive": (_PRICE,)},
        publications=("comment", "mention"),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=hook.verify,
    handshake=hook.handshake,
    handshake_type="application/json",
    about=hook.about,
    send=outbound.send,
    act=outbound.act,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    unheard=connect.unheard,
    past=past.past,
    download=connect.download,
    profile=connect.profile,
    publication=connect.publication,
    consent=consent.CONSENT,
    takes_bytes=True,
)
