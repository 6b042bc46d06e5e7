"""Reddit: answers to an account, comments that name it, and private messages.

https://www.reddit.com/dev/api
"""

from chalicelib.networks import base
from chalicelib.networks.reddit import connect, consent, inbound, outbound, polling

_ALL: tuple[base.Surface, ...] = ("dm", "comment", "mention")

NETWORK = base.Network(
    key="reddit",
    name="Reddit",
    capabilities=base.Capabilities(
        surfaces=_ALL,
        reply=_ALL,
        quote=_ALL,
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        ban=_ALL,
        report=_ALL,
        read=True,
        echoes=True,
        text=dict.fromkeys(_ALL, 10_000),
        publications=("comment", "mention"),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=lambda raw, headers, secrets: False,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=lambda credentials, hook, secret: None,
    unsubscribe=lambda credentials: None,
    publication=connect.publication,
    consent=consent.CONSENT,
    polling=polling.POLLING,
)
