"""Which model this stage has, by the settings GUARDRAIL and GUARDRAIL_VERSION; none, unless they are set."""

from functools import cache
from typing import Any

from chalicelib import settings
from chalicelib.classifiers.models import Model

_SECONDS = 2  # an answer takes some 0.3 s; whoever waits for it holds up an act


def is_there() -> bool:
    return bool(settings.get().guardrail)


@cache
def model() -> Model:
    """The model of this stage, which has to have one."""
    from chalicelib.classifiers.bedrock import Guardrail

    current = settings.get()
    return Guardrail(_client, current.guardrail, current.guardrail_version)


@cache
def _client() -> Any:
    from chalicelib.aws import clients

    current = settings.get()
    return clients.make(
        "bedrock-runtime",
        address=current.address("bedrock", f"bedrock-runtime.{current.region}.amazonaws.com"),
        connect_timeout=1,
        read_timeout=_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
