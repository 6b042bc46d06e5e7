"""Connecting an account of the agency's own network. The calls here change nothing, so they may be repeated."""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks.base import Credentials
from chalicelib.networks.custom.outbound import call, server_address
from chalicelib.networks.read import words


def check(credentials: Credentials) -> base.Connected:
    """The account's name includes the address of its server, so that nobody can take the name of another server's
    account.
    """
    host, path = server_address(credentials)
    answer = _ask(credentials, "check", {})
    name = words(answer.get("account"))
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name):
        raise base.Rejected(
            "The server's `account` has to be 1 to 60 letters, digits, dots, hyphens or underscores.", code="no_account"
        )
    account = "/".join(part for part in (host, path.strip("/"), name) if part)
    shown = words(answer.get("name"))[:100] or name
    return base.Connected(account=account, name=shown, details={"address": credentials.details["address"]})


def subscribe(credentials: Credentials, hook: str, secret: str) -> None:
    _ask(credentials, "subscribe", {"hook": hook, "secret": secret})


def unsubscribe(credentials: Credentials) -> None:
    _ask(credentials, "unsubscribe", {})


def _ask(credentials: Credentials, type: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    with http.repeatable():
        return call(credentials, type, fields)
