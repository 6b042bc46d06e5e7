"""The contract's functions for messages, on a network that has none: a body is Unhandled, a call is Rejected."""

from collections.abc import Iterator, Mapping

from chalicelib.networks import base


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    """Pinterest posts nothing; a body that comes all the same is Unhandled."""
    raw = payload if isinstance(payload, Mapping) else {}
    yield base.Inbound(account="", event=base.Unhandled(reason="unknown_type"), raw=raw)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    raise base.Rejected("Pinterest has no conversations that apps could answer.", code="no_conversations")


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("Pinterest has no conversations that apps could answer.", code="no_conversations")
