"""Somebody who opens the consent page of a network's double and comes back."""

import base64
import hashlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3

from chalicelib.networks.base import Begun, Granted

BACK, VERIFIER = "https://palabre.test/connected", "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def granted(begun: Begun, account: str = "", **chosen: str) -> Granted:
    """They say yes, for that account or for one of the double's, unless they choose to `deny`."""
    chosen |= {"as": account} if account else {}
    answer = urllib3.request("GET", f"{begun.address}&{urlencode(chosen)}", redirect=False)
    assert answer.status == 302, (answer.status, answer.data)
    back, _, query = str(answer.headers["Location"]).partition("?")
    fields = dict(parse_qsl(query))
    return Granted(code=fields.get("code", ""), redirect=back, verifier=VERIFIER, kept=begun.kept, query=fields)


def query(begun: Begun) -> dict[str, str]:
    """What the page is asked."""
    return dict(parse_qsl(urlsplit(begun.address).query))
