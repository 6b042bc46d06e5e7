"""Connecting an account, and asking for commented posts. https://docs.joinmastodon.org/methods/accounts/"""

from collections.abc import Sequence

from chalicelib.networks import base, http
from chalicelib.networks.mastodon.calls import api, segment, server_of
from chalicelib.networks.mastodon.words import plain
from chalicelib.networks.read import moment, part, parts, pick, words


def check(credentials: base.Credentials) -> base.Connected:
    """The account is `name@server`, because names are unique on one server only."""
    server = server_of(credentials)
    me = pick(api(credentials, "GET", "/api/v1/accounts/verify_credentials").json, "id", "username", "display_name")
    if not {"id", "username"} <= me.keys():
        raise base.Rejected("The server did not say which account the token belongs to.", code="no_account")
    account = f"{me['username']}@{server}".lower()
    return base.Connected(
        account=account, name=me.get("display_name") or me["username"], details={"server": server, "id": me["id"]}
    )


def quotas(credentials: base.Credentials) -> Sequence[base.Quota]:
    """The calls of the present five minutes. https://docs.joinmastodon.org/api/rate-limits/"""
    answer = api(credentials, "GET", "/api/v1/accounts/verify_credentials")
    return http.counted(answer, "X-RateLimit", moment(answer.headers.get("X-RateLimit-Reset")))


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    status = api(credentials, "GET", f"/api/v1/statuses/{segment(origin.id)}").json
    author, files = part(status, "account"), parts(status, "media_attachments")
    return base.Publication(
        url=words(status.get("url")),
        kind="post",
        text=plain(words(status.get("content"))),
        picture=next((words(file.get("preview_url")) for file in files), ""),
        author=words(author.get("display_name")) or words(author.get("username")),
        at=moment(status.get("created_at")),
    )
