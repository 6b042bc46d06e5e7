"""/v1: the networks, what they can do and whether they work, the ledger of what they delivered, and its replay."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chalicelib import clock, errors, moments, networks
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.channels import pulses, statuses
from chalicelib.jobs import jobs
from chalicelib.jobs.schemas import JOB
from chalicelib.networks import base
from chalicelib.transport import intake, ledger, schemas

MONTH_MS = 31 * clock.DAY
_pulses = pulses.Memory()


@route("GET", "/networks", permission=SIGNED_IN, answer=schema.listing(schemas.NETWORK))
def list_networks(call: Call) -> Json:
    """Lists the networks, how accounts are connected there, and what each network can do on which surface."""
    items = [
        {
            "key": network.key, "name": network.name, "connecting": _ways_to_connect(network),
            "capabilities": asdict(network.capabilities),
        }
        for network in _all_networks()
    ]  # fmt: skip
    return {"items": items, "next": None}


def _ways_to_connect(network: base.Network) -> Json:
    how = network.consent
    logins = [(None, how), *how.products.items()] if how else []
    return {
        "with_token": network.play is None,
        "logins": [{"product": product, "title": login.title or network.name} for product, login in logins],
        "names_server": bool(how and how.names_server),
        "takes_own_app": bool(how and not (how.registers or how.needs_config)),
    }


@route("GET", "/networks/status", permission=SIGNED_IN, answer=schema.listing(schemas.STATUS))
def list_network_statuses(call: Call) -> Json:
    """Lists whether each network works as a whole, and since when."""
    minute = call.now // clock.MINUTE
    failed = statuses.failures(_pulses.between(minute - statuses.WINDOW, minute))
    items = [_status(network, call.actor.agency, failed.get(network.key, {}), minute) for network in _all_networks()]
    return {"items": items, "next": None}


def _status(network: base.Network, agency: str, failed: statuses.Failures, minute: int) -> Json:
    shown = {"key": network.key, "name": network.name, "status": None, "since": None}
    if not pulses.is_watched(network):
        return shown
    standing = statuses.current(statuses.bad_minutes(failed, agency), minute)
    since = None if standing.since is None else clock.text(standing.since * clock.MINUTE)
    return {**shown, "status": standing.status, "since": since}


def _all_networks() -> list[base.Network]:
    """All networks that a channel may belong to; where the app is deployed for others, the package leaves `example`
    out.
    """
    return list(filter(None, map(networks.get, networks.names())))


@route("GET", "/ingest/entries", permission="audit.view", query=schemas.LEDGER, answer=schema.listing(schemas.ENTRY))
def list_ingested(call: Call) -> Json:
    """Lists the networks' deliveries, oldest first, and the outcome of each."""
    start, end = _range(call.query, call.now)
    return ledger.listing(call.actor, start, end, call.query)


@route(
    "POST",
    "/ingest/entries/replay",
    pays="never",
    permission="ingest.replay",
    body=schemas.REPLAY,
    answer=JOB,
    status=202,
)
def replay_ingested(call: Call) -> Json:
    """Starts a job that applies all deliveries of a range of time again; what is there already stays."""
    start, end = _range(call.body, call.now)
    filters = {name: call.body[name] for name in schemas.WANTED if name in call.body}
    return jobs.view(intake.replay(call.actor, start, end, filters, call.now))


def _range(fields: Mapping[str, Any], now: int) -> tuple[int, int]:
    """`since` and `until` in ms; by default the last 31 days."""
    start = moments.parse(fields["since"], "since") if "since" in fields else now - MONTH_MS
    end = moments.parse(fields["until"], "until") if "until" in fields else now + 1
    if start >= end:
        raise errors.Invalid("`until` has to be after `since`.", code="bad_times", field="until")
    return start, end
