"""The public side of a Facebook Page: comments, visitors' posts, mentions and recommendations. Messenger has its
messages.
"""

from chalicelib.networks import base
from chalicelib.networks._meta import hook
from chalicelib.networks.facebook import connect, inbound, outbound, past

_PUBLIC: tuple[base.Surface, ...] = ("comment", "mention", "review")

NETWORK = base.Network(
    key="facebook",
    name="Facebook",
    capabilities=base.Capabilities(
        surfaces=_PUBLIC,
        reply=_PUBLIC,
        private_reply=("comment",),
        hide=("comment",),
        hide_seen_by="author_and_friends",
        hide_undo=True,
        delete=("comment",),
        like=("comment", "mention"),
        echoes=True,
        text={**dict.fromkeys(_PUBLIC, 8000), "dm": 2000},  # a private answer is a message
        caption=8000,
        media={"image": base.MediaLimit(bytes=4_000_000, types=("image/jpeg", "image/png", "image/gif"))},
        media_surfaces=_PUBLIC,
        publications=("comment", "mention"),
        publishes=True,
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
    publication=connect.publication,
    consent=connect.CONSENT,
    unheard=connect.unheard,
    past=past.past,
    quotas=connect.quotas,
    siblings=("messenger",),
    takes_bytes=True,
)
