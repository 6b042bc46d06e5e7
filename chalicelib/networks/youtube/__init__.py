"""YouTube: comments on a channel's videos. Changes of videos are pushed, comments are polled.

https://developers.google.com/youtube/v3/docs
"""

from functools import partial

from chalicelib.networks._google import oauth
from chalicelib.networks.base import Capabilities, Consent, Network, Polling, Rate
from chalicelib.networks.youtube import connect, feed, inbound, outbound, polling

NETWORK = Network(
    key="youtube",
    name="YouTube",
    capabilities=Capabilities(
        surfaces=("comment",),
        reply=("comment",),
        hide=("comment",),
        hide_seen_by="author",
        hide_undo=True,
        hide_rate=Rate(calls=200, seconds=86_400, of="app"),
        delete=("comment",),
        text={"comment": 10_000},
        publications=("comment",),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=feed.verify,
    about=feed.about,
    handshake=feed.handshake,
    decode=feed.decode,
    content_types=("application/atom+xml", "application/xml", "text/xml"),
    send=outbound.send,
    act=outbound.act,
    is_shown=outbound.is_shown,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    hook_ends=True,
    publication=connect.publication,
    consent=Consent(
        begin=partial(oauth.begin, "youtube"),
        finish=partial(oauth.finish, "youtube"),
        accounts=connect.accounts,
        renew=partial(oauth.renew, "youtube"),
        granted=partial(oauth.granted, "youtube"),
        scopes=connect.SCOPES,
        needed=connect.SCOPES,
    ),
    polling=Polling(pull=polling.pull, every=polling.EVERY, quota=10_000, for_all=True, share=50),
    secret_per_channel=True,
)
