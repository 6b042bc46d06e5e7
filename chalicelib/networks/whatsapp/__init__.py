"""WhatsApp: a phone number of a WhatsApp Business account, on the Cloud API, alone or beside the Business app."""

from chalicelib.networks._meta import hook
from chalicelib.networks.base import Capabilities, Cost, InteractiveLimit, MediaLimit, Network
from chalicelib.networks.whatsapp import connect, inbound, outbound, profile, signup, templates

MB = 1024 * 1024
DOCUMENTS = 100 * MB
# How much it is differs by the recipient's country and the template's category, so there is no amount for all.
PRICES = "https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing"
# Answers were free until October 2026; since then each is charged but the first 1,000 a month of every phone number.

NETWORK = Network(
    key="whatsapp",
    name="WhatsApp",
    capabilities=Capabilities(
        surfaces=("dm",),
        reply=("dm",),
        quote=("dm",),
        react=("dm",),
        read=True,
        typing=True,
        templates=True,
        echoes=True,
        receipts=("sent", "delivered", "read", "failed"),
        text={"dm": 4096},
        caption=outbound.CAPTION,
        media={
            "image": MediaLimit(bytes=5 * MB, types=("image/jpeg", "image/png")),
            "video": MediaLimit(bytes=16 * MB, types=("video/mp4", "video/3gpp")),
            "audio": MediaLimit(
                bytes=16 * MB, types=("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
            ),
            "file": MediaLimit(bytes=DOCUMENTS),
            "sticker": MediaLimit(bytes=500 * 1024, types=("image/webp",)),
        },
        interactive={
            "buttons": InteractiveLimit(options=3, title=20, id=256, text=1024),
            "list": InteractiveLimit(options=10, title=24, id=200, text=4096, description=72, button=20),
        },
        window={"dm": 24},
        costs={
            "reply": (
                Cost(cost="free"),
                Cost(cost="paid", note="beyond_1000_a_month", since="2026-10-01", page=PRICES),
            ),
            "template": (Cost(cost="paid", page=PRICES),),
        },
    ),
    parse=inbound.parse,
    verify=hook.verify,
    about=hook.about,
    handshake=hook.handshake,
    send=outbound.send,
    act=outbound.act,
    parts=outbound.parts,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    download=connect.download,
    consent=signup.CONSENT,
    unheard=connect.unheard,
    past=connect.past,
    quotas=connect.quotas,
    business_profile=profile.PROFILES,
    templates=templates.TEMPLATES,
    takes_bytes=True,
)
