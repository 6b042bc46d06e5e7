"""What is said and done in the sandbox: nothing is sent, and the sandbox reports it as delivered and read.

A condition of the channel (`CONDITIONS`) is in its details, with the time (ms) until which it lasts.
"""

import time
from collections.abc import Mapping

from chalicelib.networks import base
from chalicelib.networks.base import Act, Credentials, Say, Sent
from chalicelib.networks.playground import plays

CONDITIONS: Mapping[str, type[base.Outcome]] = {
    "token_expired": base.Expired,
    "throttled": base.Throttled,
    "down": base.Unreachable,
}
LONGEST_PAUSE = 10.0  # seconds, so that it is soon tried again if the condition is taken back


def send(credentials: Credentials, say: Say) -> Sent:
    _meet(credentials)
    id = f"sent-{say.correlation or plays.number()}"
    return Sent(id=id, posted_body=plays.receipts(credentials.account, say, id))


def act(credentials: Credentials, act: Act) -> None:
    """Every act succeeds, however often, unless a condition lasts."""
    _meet(credentials)


def _meet(credentials: Credentials) -> None:
    """Raises the Outcome of the channel's condition, while it lasts."""
    outcome = CONDITIONS.get(credentials.details.get("condition", ""))
    left = int(credentials.details.get("until", "0")) / 1000 - time.time()
    if outcome and left > 0:
        after = min(left, LONGEST_PAUSE) if outcome is base.Throttled else 0
        raise outcome("The sandbox was told to answer in this way.", code=credentials.details["condition"], after=after)
