"""TikTok: comments below a business account's videos, and its direct messages.

https://business-api.tiktok.com/portal/docs
"""

from chalicelib.networks import base
from chalicelib.networks.tiktok import connect, consent, inbound, outbound, past

# Of apps of the lowest level. https://business-api.tiktok.com/portal/docs/rate-limits/v1.3
ALLOWS = (
    base.Quota(name="calls_a_second_of_the_app", most=10),
    base.Quota(name="calls_a_minute_of_the_app", most=600),
    base.Quota(name="calls_a_day_of_the_app", most=864_000),
)

NETWORK = base.Network(
    key="tiktok",
    name="TikTok",
    capabilities=base.Capabilities(
        surfaces=("dm", "comment"),
        reply=("dm", "comment"),
        quote=("dm",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        like=("comment",),
        read=True,
        typing=True,
        echoes=True,
        receipts=("read",),
        text={"dm": 6000, "comment": 150},
        media={"image": base.MediaLimit(bytes=3_000_000, types=("image/jpeg", "image/png"))},
        window={"dm": 48},
        publishes=True,
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    about=inbound.about,
    send=outbound.send,
    act=outbound.act,
    is_shown=outbound.is_shown,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    download=connect.download,
    past=past.past,
    allows=ALLOWS,
    consent=consent.CONSENT,
    takes_bytes=True,
)
