"""Pinterest: an account on which posts are published. Its API has no comments and no messages.

https://developers.pinterest.com/docs/api/v5/
"""

from chalicelib.networks.base import Capabilities, Network, Quota
from chalicelib.networks.pinterest import connect, consent, silence

NETWORK = Network(
    key="pinterest",
    name="Pinterest",
    capabilities=Capabilities(surfaces=(), publishes=True),
    parse=silence.parse,
    verify=lambda raw, headers, secrets: False,
    send=silence.send,
    act=silence.act,
    check=connect.check,
    subscribe=lambda credentials, hook, secret: None,
    unsubscribe=lambda credentials: None,
    consent=consent.CONSENT,
    # Of apps with standard access. https://developers.pinterest.com/docs/reference/rate-limits/
    allows=(Quota(name="calls_a_second", most=100),),
)
