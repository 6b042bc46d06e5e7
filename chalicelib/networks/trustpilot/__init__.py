"""Trustpilot: the reviews of a business. https://developers.trustpilot.com/service-reviews-api"""

from chalicelib.networks.base import Capabilities, Network, Quota
from chalicelib.networks.trustpilot import connect, inbound, missed, outbound

NETWORK = Network(
    key="trustpilot",
    name="Trustpilot",
    capabilities=Capabilities(surfaces=("review",), reply=("review",), text={"review": 4096}),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    past=missed.past,
    # https://documentation-apidocumentation.trustpilot.com/get-started/rate-limiting
    allows=(Quota(name="calls_in_300_seconds", most=833), Quota(name="calls_an_hour", most=10_000)),
    secret_per_channel=True,
)
