"""Replies of a place to its reviews.

https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews/updateReply
"""

import re

from chalicelib.networks import base
from chalicelib.networks._google import api
from chalicelib.networks.google_business.inbound import NETWORK, reply_id

HOST = "mybusiness.googleapis.com"
PLACE = re.compile(r"accounts/\d+/locations/\d+", re.ASCII)
_REVIEW = re.compile(r"accounts/\d+/locations/\d+/reviews/[\w-]+", re.ASCII)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """The reply replaces an earlier one, so it may be repeated."""
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A reply to a review is a public text without files.", code="attachment")
    if not _REVIEW.fullmatch(say.thread):
        raise base.Rejected("Google has no such review.", code="object")
    body = {"comment": say.text}
    made = api.call(NETWORK, "PUT", HOST, f"/v4/{say.thread}/reply", credentials, body=body)
    return base.Sent(id=reply_id(say.thread, made))


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("The action is not available for reviews on Google.", code=act.verb)
