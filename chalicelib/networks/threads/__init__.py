"""Threads: replies to the account's posts, and posts that mention it.

https://developers.facebook.com/docs/threads
"""

from chalicelib.networks import base
from chalicelib.networks._meta import hook
from chalicelib.networks.threads import connect, consent, inbound, outbound, past

NETWORK = base.Network(
    key="threads",
    name="Threads",
    capabilities=base.Capabilities(
        surfaces=("comment", "mention"),
        reply=("comment", "mention"),
        quote=("comment",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        text={"comment": outbound.TEXT, "mention": outbound.TEXT},
        publications=("comment", "mention"),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=hook.verify,
    handshake=hook.handshake,
    about=inbound.about,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    quotas=connect.quotas,
    past=past.past,
    download=connect.download,
    publication=connect.publication,
    consent=consent.CONSENT,
)
