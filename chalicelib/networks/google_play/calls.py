"""Replies to reviews, and the check of the app. https://developers.google.com/android-publisher/reply-to-reviews"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._google import api, service
from chalicelib.networks.google_play.inbound import changed, reply_id
from chalicelib.networks.read import part

NETWORK, HOST = "google_play", "androidpublisher.googleapis.com"
_SCOPE = "https://www.googleapis.com/auth/androidpublisher"
_APP = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_REVIEW = re.compile(r"[\w:.-]{1,200}", re.ASCII)
REASONS: api.Reasons = {
    **api.REASONS,
    "applicationNotFound": base.Rejected,
    "permissionDenied": base.Rejected,
    "reviewReplyTooLong": base.Rejected,
}


def check(credentials: base.Credentials) -> base.Connected:
    """Google tells no name of an app here, so the package is its name."""
    call(credentials, "GET", "/reviews", query={"maxResults": "1"})
    name, details = credentials.account, dict(credentials.details)
    return base.Connected(account=name, name=name, details=details)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    """The reply replaces an earlier one."""
    if say.attachments or say.private or not say.text:
        raise base.Rejected("A reply to a review is a public text without files.", code="attachment")
    if not _REVIEW.fullmatch(say.thread):
        raise base.Rejected("Google Play has no such review.", code="object")
    made = call(credentials, "POST", f"/reviews/{say.thread}:reply", body={"replyText": say.text})
    result = part(made, "result")
    at = changed({"lastModified": result.get("lastEdited")})
    return base.Sent(id=reply_id(say.thread, at))


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("The action is not available for reviews on Google Play.", code=act.verb)


def call(credentials: base.Credentials, method: str, path: str, **more: Any) -> Mapping[str, Any]:
    """Calls the API of the app. A token that Google refuses is forgotten, so that the next call gets a new one."""
    if not _APP.fullmatch(credentials.account):
        raise base.Rejected(
            "`account` has to be the package name of the app, such as com.example.app.", code="no_account"
        )
    path = f"/androidpublisher/v3/applications/{credentials.account}{path}"
    known = service.signed_in(NETWORK, credentials, _SCOPE)
    try:
        return api.call(NETWORK, method, HOST, path, known, reasons=REASONS, **more)
    except base.Expired:
        service.refused(NETWORK, credentials, _SCOPE)
        raise
