"""Messenger: the conversations of a Facebook Page. https://developers.facebook.com/docs/messenger-platform"""

from chalicelib.networks._meta import choices, hook, messaging
from chalicelib.networks.base import Capabilities, MediaLimit, Network
from chalicelib.networks.messenger import connect, inbound, outbound, past

NETWORK = Network(
    key="messenger",
    name="Messenger",
    capabilities=Capabilities(
        surfaces=("dm",),
        reply=("dm",),
        quote=("dm",),
        react=("dm",),
        read=True,
        typing=True,
        templates=True,
        echoes=True,
        receipts=("delivered", "read"),
        text={"dm": 2000},
        media={
            "image": MediaLimit(bytes=8_000_000, types=("image/jpeg", "image/png", "image/gif")),
            "video": MediaLimit(bytes=25_000_000),
            "audio": MediaLimit(bytes=25_000_000),
            "file": MediaLimit(bytes=25_000_000),
        },
        window={"dm": 24},
        opens=messaging.OPENS,
        interactive=choices.LIMITS,
        tags=messaging.TAGS,
    ),
    parse=inbound.parse,
    verify=hook.verify,
    about=hook.about,
    handshake=hook.handshake,
    parts=messaging.parts,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    consent=connect.CONSENT,
    unheard=connect.unheard,
    past=past.past,
    quotas=connect.quotas,
    siblings=("facebook",),
    profile=connect.profile,
    takes_bytes=True,
)
