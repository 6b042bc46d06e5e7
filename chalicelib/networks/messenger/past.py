"""What people and the Page wrote in a stretch of time. https://developers.facebook.com/docs/messenger-platform/conversations"""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph, outcomes, past_messages
from chalicelib.networks._meta import past as lists


def past(credentials: base.Credentials, stretch: base.Stretch) -> base.Pulled:
    def call(path: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        return graph.call("messenger", "GET", path, credentials, query=query, codes=outcomes.CONNECT)

    page = credentials.account
    return lists.past(call, "page", [past_messages.conversations(page, page, "messenger", stretch.since)], stretch)
