"""The consent page for a Threads profile.

https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions
"""

from collections.abc import Sequence
from functools import partial

from chalicelib.networks import base
from chalicelib.networks._meta import profiles
from chalicelib.networks.read import words
from chalicelib.networks.threads.connect import profile
from chalicelib.networks.threads.outbound import HOST

_LOGIN = profiles.Login(network="threads", pages="threads.net", first=HOST, lasting=HOST, grants="th")
NEEDED = ("threads_basic", "threads_read_replies")
SCOPES = (
    *NEEDED,
    *("threads_manage_replies", "threads_content_publish", "threads_manage_mentions", "threads_delete"),
)


def accounts(tokens: base.Tokens) -> Sequence[base.Account]:
    me = profile(base.Credentials(account="", token=tokens.token))
    picture = words(me.get("threads_profile_picture_url"))
    return [base.Account(id=words(me.get("id")), name=words(me.get("username")), picture=picture)]


CONSENT = base.Consent(
    begin=partial(profiles.begin, _LOGIN), finish=partial(profiles.finish, _LOGIN), accounts=accounts,
    renew=lambda app, credentials: profiles.renew(_LOGIN, credentials),
    scopes=SCOPES, needed=NEEDED, provider="meta",
    gives={"reply": ("threads_content_publish", "threads_manage_replies"), "hide": ("threads_manage_replies",)},
)  # fmt: skip
