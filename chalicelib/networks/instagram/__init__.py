"""Instagram: direct messages, comments and mentions of a professional account, under either of Meta's logins.

https://developers.facebook.com/docs/instagram-platform
"""

from chalicelib.networks._meta import choices, hook, messaging
from chalicelib.networks.base import Capabilities, MediaLimit, Network
from chalicelib.networks.instagram import connect, inbound, outbound, past

_VIDEO = ("video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm")
_AUDIO = ("audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/x-wav")

NETWORK = Network(
    key="instagram",
    name="Instagram",
    capabilities=Capabilities(
        surfaces=("dm", "comment", "mention"),
        reply=("dm", "comment", "mention"),
        private_reply=("comment",),
        quote=("dm",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        delete=("comment",),
        react=("dm",),
        read=True,
        typing=True,
        echoes=True,
        receipts=("read",),
        text={"dm": 1000, "comment": 2200, "mention": 2200},
        text_in_bytes=("dm",),
        media={
            "image": MediaLimit(bytes=8_000_000, types=("image/jpeg", "image/png", "image/gif")),
            "video": MediaLimit(bytes=25_000_000, types=_VIDEO),
            "audio": MediaLimit(bytes=25_000_000, types=_AUDIO),
            "file": MediaLimit(bytes=25_000_000, types=("application/pdf",)),
        },
        window={"dm": 24},
        opens=messaging.OPENS,
        interactive=choices.LIMITS,
        tags=messaging.TAGS,
        reactions=("❤️",),
        publications=("comment",),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=hook.verify,
    about=hook.about,
    handshake=hook.handshake,
    parts=messaging.parts,
    send=outbound.send,
    act=outbound.act,
    is_shown=outbound.is_shown,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    profile=connect.profile,
    complete=connect.complete,
    publication=connect.publication,
    consent=connect.CONSENT,
    unheard=connect.unheard,
    past=past.past,
    quotas=connect.quotas,
)
