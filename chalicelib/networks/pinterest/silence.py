"""What a network without conversations makes of all that is said: nothing."""

from collections.abc import Iterator, Mapping

from chalicelib.networks import base


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    """Nothing is ever posted here; a body all the same is one that we do not read."""
    raw = payload if isinstance(payload, Mapping) else {}
    yield base.Inbound(account="", event=base.Unhandled(reason="unknown_type"), raw=raw)


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    raise base.Rejected("Pinterest has no conversations for programs.", code="no_conversations")


def act(credentials: base.Credentials, act: base.Act) -> None:
    raise base.Rejected("Pinterest has no conversations for programs.", code="no_conversations")
