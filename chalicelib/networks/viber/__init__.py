"""Viber: the chats of a bot with people who wrote to it or subscribed.

Sizes: https://developers.viber.com/docs/api/rest-bot-api/#message-types
"""

from chalicelib.networks import base
from chalicelib.networks.viber import connect, inbound, outbound

NETWORK = base.Network(
    key="viber",
    name="Viber",
    capabilities=base.Capabilities(
        surfaces=("dm",),
        reply=("dm",),
        receipts=("delivered", "read", "failed"),
        text={"dm": 7000},
        caption=outbound.CAPTION,
        media={
            "image": base.MediaLimit(bytes=1_000_000, types=("image/jpeg", "image/png")),
            "video": base.MediaLimit(bytes=26_000_000, types=("video/mp4",)),
            "file": base.MediaLimit(bytes=50_000_000),
        },
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    unheard=connect.unheard,
    profile=connect.profile,
    # Until the person answers. https://creators.viber.com/docs/bots-api/resources/messaging/send-message
    allows=(base.Quota(name="messages_an_hour_to_a_person", most=100),),
    secret_per_channel=True,
    token_signs=True,
)
