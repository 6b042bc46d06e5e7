"""LINE: the chats of an official account, with one person, with several, or with a group.

Sizes: https://developers.line.biz/en/reference/messaging-api/#message-objects
"""

from chalicelib.networks import base
from chalicelib.networks.line import connect, inbound, outbound

NETWORK = base.Network(
    key="line",
    name="LINE",
    capabilities=base.Capabilities(
        surfaces=("dm",),
        reply=("dm",),
        read=True,
        typing=True,
        text={"dm": outbound.TEXT},
        media={"image": base.MediaLimit(bytes=1_000_000, types=("image/jpeg", "image/png"))},
        interactive={
            "quick_replies": base.InteractiveLimit(options=13, title=20, id=300, text=outbound.TEXT),
            "buttons": base.InteractiveLimit(options=4, title=20, id=300, text=160),
        },
        costs={
            "reply": (
                base.Cost(
                    cost="paid",
                    page="https://developers.line.biz/en/docs/messaging-api/pricing/",
                    note="counts_in_monthly_plan",
                ),
            )
        },
        publishes=True,
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    about=inbound.about,
    send=outbound.send,
    act=outbound.act,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    unheard=connect.unheard,
    quotas=connect.quotas,
    download=connect.download,
    profile=connect.profile,
)
