"""Reddit: answers to an account's posts and comments, mentions of it, and private messages.

https://www.reddit.com/dev/api/
"""

from chalicelib.networks.base import Capabilities, Network, Polling, Surface
from chalicelib.networks.reddit import connect, consent, inbound, outbound, polling

_ALL: tuple[Surface, ...] = ("dm", "comment", "mention")

NETWORK = Network(
    key="reddit",
    name="Reddit",
    capabilities=Capabilities(
        surfaces=_ALL,
        reply=_ALL,
        quote=("dm",),
        hide=("comment", "mention"),
        ban=_ALL,
        read=True,
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
    polling=Polling(pull=polling.pull, every=60, quota=144_000, for_all=True),
)
