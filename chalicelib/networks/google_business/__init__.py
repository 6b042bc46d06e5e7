"""Google Business Profile: the reviews of a place. https://developers.google.com/my-business/content/review-data"""

from functools import partial

from chalicelib.networks._google import oauth
from chalicelib.networks.base import Capabilities, Consent, Network, Polling
from chalicelib.networks.google_business import connect, inbound, outbound, polling

NETWORK = Network(
    key="google_business",
    name="Google Business Profile",
    capabilities=Capabilities(
        surfaces=("review",),
        reply=("review",),
        text={"review": 4096},
        text_in_bytes=("review",),
        publishes=True,
    ),
    parse=inbound.parse,
    verify=inbound.verify,
    send=outbound.send,
    act=outbound.act,
    check=connect.check,
    subscribe=connect.subscribe,
    unsubscribe=connect.unsubscribe,
    consent=Consent(
        begin=partial(oauth.begin, "google_business"),
        finish=partial(oauth.finish, "google_business"),
        accounts=connect.accounts,
        renew=partial(oauth.renew, "google_business"),
        granted=partial(oauth.granted, "google_business"),
        scopes=connect.SCOPES,
        needed=connect.SCOPES,
    ),
    polling=Polling(pull=polling.pull, every=600, quota=400_000, for_all=True),
)
