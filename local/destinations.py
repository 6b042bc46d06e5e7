"""Where Stripe posts its events: our hook, and the signing secret, which goes to Secrets Manager and nowhere else."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalicelib.billing import notices, stripe

Keep = Callable[[str], None]
TYPES = sorted(f"v1.{type}" for type in notices.TYPES)


@dataclass(frozen=True)
class Change:
    """A difference at Stripe, in words, and the call that corrects it."""

    what: str
    make: Callable[[], object]


def changes(v2: Any, url: str, keep: Keep) -> Iterator[Change]:
    """What has to be done so that all events that we read are posted to that address. `keep` gets the secret of a new
    destination.
    """
    destinations = v2.core.event_destinations
    listed = stripe.call(destinations.list, include=["webhook_endpoint.url"], limit=100)["data"]
    known = next((each for each in listed if (each.get("webhook_endpoint") or {}).get("url") == url), None)
    if known is None:
        yield Change("event destination", partial(_create, destinations, url, keep))
    elif sorted(known["enabled_events"]) != TYPES:
        yield Change("event destination", partial(stripe.call, destinations.update, known["id"], enabled_events=TYPES))


def _create(destinations: Any, url: str, keep: Keep) -> None:
    made = stripe.call(
        destinations.create,
        name="Palabre",
        type="webhook_endpoint",
        event_payload="thin",
        enabled_events=TYPES,
        webhook_endpoint={"url": url},
        include=["webhook_endpoint.signing_secret"],
    )
    keep(made["webhook_endpoint"]["signing_secret"])


def keeping(secretsmanager: Any, stage: str) -> Keep:
    """Stores a signing secret beside the key in the stage's secret."""

    def keep(signing: str) -> None:
        write(secretsmanager, stage, {**read(secretsmanager, stage), "signing": [signing]})

    return keep


def read(secretsmanager: Any, stage: str) -> Mapping[str, Any]:
    """The stage's billing secret; empty if there is none."""
    try:
        stored = secretsmanager.get_secret_value(SecretId=_name(stage))["SecretString"]
    except secretsmanager.exceptions.ResourceNotFoundException:
        return {}
    known: Mapping[str, Any] = json.loads(stored)
    return known


def write(secretsmanager: Any, stage: str, value: Mapping[str, Any]) -> None:
    """Replaces the stage's billing secret, or makes it."""
    text = json.dumps(value)
    try:
        secretsmanager.put_secret_value(SecretId=_name(stage), SecretString=text)
    except secretsmanager.exceptions.ResourceNotFoundException:
        secretsmanager.create_secret(Name=_name(stage), SecretString=text)


def _name(stage: str) -> str:
    return f"palabre/{stage}/billing"
