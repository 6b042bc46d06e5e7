"""Instagram Login: a professional account consents by itself, without a Page.

https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login
"""

from collections.abc import Sequence
from functools import partial

from chalicelib.networks import base
from chalicelib.networks._meta import profiles
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.instagram.outbound import call
from chalicelib.networks.read import words

PRODUCT = "instagram_login"
_LOGIN = profiles.Login(
    network="instagram",
    pages="www.instagram.com",
    first="api.instagram.com",
    lasting="graph.instagram.com",
    grants="ig",
)
_NEEDED = ("instagram_business_basic",)
_COMMENTS, _MESSAGES = "instagram_business_manage_comments", "instagram_business_manage_messages"


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    """The account that consented. Webhooks name it by `user_id`."""
    details = {"product": PRODUCT}
    asking = base.Credentials(account="", token=tokens.token, details=details)
    query = {"fields": "id,user_id,username,profile_picture_url"}
    me = call("GET", "/me", asking, query=query, codes=CONNECT)
    id = words(me.get("user_id")) or words(me.get("id"))
    picture = words(me.get("profile_picture_url"))
    return [base.Account(id=id, name=words(me.get("username")), picture=picture, details=details)] if id else []


CONSENT = base.Consent(
    begin=partial(profiles.begin, _LOGIN), finish=partial(profiles.finish, _LOGIN), accounts=accounts,
    renew=lambda app, credentials: profiles.renew(_LOGIN, credentials),
    title="Instagram Login", scopes=(*_NEEDED, _COMMENTS, _MESSAGES), needed=_NEEDED, provider="meta",
    gives={
        **dict.fromkeys(("hide", "delete"), (_COMMENTS,)),
        **dict.fromkeys(("private_reply", "quote", "react", "read", "typing"), (_MESSAGES,)),
    },
)  # fmt: skip
