"""LinkedIn: comments on an organization's posts, and mentions of it.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/community-management-overview
"""

from chalicelib.networks.base import Capabilities, Consent, Network
from chalicelib.networks.linkedin import connect, consent, inbound, missed, outbound

NETWORK = Network(
    key="linkedin",
    name="LinkedIn",
    capabilities=Capabilities(
        surfaces=("comment", "mention"),
        reply=("comment", "mention"),
        delete=("comment",),
        like=("comment", "mention"),
        react=("comment", "mention"),
        echoes=True,
        text={"comment": 1250, "mention": 1250},
        reactions=tuple(outbound.REACTIONS),
        publications=("comment", "mention"),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    about=inbound.about,
    handshake=inbound.handshake,
    handshake_type="application/json",
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    profile=connect.profile,
    publication=connect.publication,
    unheard=missed.unheard,
    hook_ends=True,
    past=missed.past,
    consent=Consent(
        begin=consent.begin,
        finish=consent.finish,
        accounts=consent.accounts,
        renew=consent.renew,
        granted=consent.granted,
        scopes=consent.SCOPES,
        needed=consent.READS,
        gives=consent.GIVES,
        needs_config=True,
    ),
)
