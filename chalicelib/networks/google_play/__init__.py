"""Google Play: what people write about an app. https://developers.google.com/android-publisher/reply-to-reviews"""

from chalicelib.networks.base import Capabilities, Network, Polling
from chalicelib.networks.google_play import calls, inbound, polling

NETWORK = Network(
    key="google_play",
    name="Google Play",
    capabilities=Capabilities(surfaces=("review",), reply=("review",), text={"review": 350}),
    parse=inbound.parse,
    verify=lambda raw, headers, secrets: False,
    send=calls.send,
    act=calls.act,
    check=calls.check,
    subscribe=lambda credentials, hook, secret: None,
    unsubscribe=lambda credentials: None,
    polling=Polling(pull=polling.pull, every=polling.EVERY, quota=4800),
)
