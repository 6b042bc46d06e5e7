"""App Store: what people write about an app. https://developer.apple.com/documentation/appstoreconnectapi/customer-reviews"""

from chalicelib.networks.app_store import calls, inbound, polling
from chalicelib.networks.base import Capabilities, Network, Polling

NETWORK = Network(
    key="app_store",
    name="App Store",
    capabilities=Capabilities(surfaces=("review",), reply=("review",), text={"review": 5970}),
    parse=inbound.parse,
    verify=lambda raw, headers, secrets: False,
    send=calls.send,
    act=calls.act,
    check=calls.check,
    subscribe=lambda credentials, hook, secret: None,
    unsubscribe=lambda credentials: None,
    polling=Polling(pull=polling.pull, every=polling.EVERY, quota=86_400),
)
