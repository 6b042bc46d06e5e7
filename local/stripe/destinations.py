"""Event destinations, events as they are fetched, and streamed usage: the part of the API that takes JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.stripe import forms, meters
from local.stripe.accounts import API_VERSION, Account, Thing, page
from local.stripe.calls import LISTING, call
from local.stripe.refusals import invalid

KIND = "v2.core.event_destination"
PLURALS = {
    "billing.meter": "billing/meters", "checkout.session": "checkout/sessions", "dispute": "disputes",
    "billing_portal.session": "billing_portal/sessions", "test_helpers.test_clock": "test_helpers/test_clocks",
}  # fmt: skip
THIN_ONLY = ("billing.meter.error_report_triggered", "billing.meter.no_meter_found")


def moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def thin(account: Account, event: Thing, thing: Thing) -> Thing:
    """The event in the form of API version 2, with a reference to its object."""
    related = None
    if thing["id"]:
        kind = thing["object"]
        url = f"/v1/{PLURALS.get(kind, kind.replace('.', '/') + 's')}/{thing['id']}"
        related = {"id": thing["id"], "type": kind, "url": url}
    return account.make(
        "v2.core.event", "evt_thin", clock=event["_clock"], type=f"v1.{event['type']}", context=None,
        created=moment(event["created"]), reason=None, related_object=related, data={}, changes=None,
        snapshot_event=None if event["type"] in THIN_ONLY else event["id"],
    )  # fmt: skip


def notification(event: Thing) -> Thing:
    """The part of the event that is posted."""
    names = ("id", "object", "type", "created", "livemode", "context", "reason", "related_object")
    return {name: event[name] for name in names}


@call("POST", "/v2/core/event_destinations",
      "name type description enabled_events[] event_payload snapshot_api_version include[] metadata.* events_from[] "
      "webhook_endpoint.url")  # fmt: skip
def create(account: Account, params: Mapping[str, Any]) -> Thing:
    """The secret is shown only here, and only if the call includes it."""
    for name in ("name", "enabled_events", "event_payload", "type"):
        forms.need(params, name)
    url = forms.need(params.get("webhook_endpoint") or {}, "url")
    payload = forms.choice(params, "event_payload", ("snapshot", "thin"), "")
    types = [name for name in params["enabled_events"] if name != "*"]
    if payload == "thin" and not all(name.startswith(("v1.", "v2.")) for name in types):
        raise invalid("Thin events have types that begin with v1. or v2.", "enabled_events")
    made = account.make(
        KIND, "ed", name=params["name"], type="webhook_endpoint", description=params.get("description", ""),
        enabled_events=list(params["enabled_events"]), event_payload=payload, events_from=["@self"], status="enabled",
        metadata=forms.metadata(params), status_details=None, snapshot_api_version=API_VERSION if payload == "snapshot"
        else None, webhook_endpoint={"url": url, "signing_secret": None}, created=moment(account.now()),
        updated=moment(account.now()), amazon_eventbridge=None, azure_event_grid=None,
    )  # fmt: skip
    made["_secrets"] = [account.new_id("whsec")]
    if "webhook_endpoint.signing_secret" in (params.get("include") or []):
        return {**made, "webhook_endpoint": {"url": url, "signing_secret": made["_secrets"][0]}}
    return made


@call("GET", "/v2/core/event_destinations", "limit page include[]")
def listed(account: Account, params: Mapping[str, Any]) -> Thing:
    return {"data": account.all(KIND), "next_page_url": None, "previous_page_url": None}


@call("GET", "/v2/core/event_destinations/{}", "include[]")
def retrieve(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get(KIND, id)


@call("POST", "/v2/core/event_destinations/{}", "name description enabled_events[] metadata.* webhook_endpoint.url")
def update(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    made = account.get(KIND, id)
    made.update({name: params[name] for name in ("name", "description", "enabled_events") if name in params})
    if url := (params.get("webhook_endpoint") or {}).get("url"):
        made["webhook_endpoint"] = {"url": url, "signing_secret": None}
    return made


@call("DELETE", "/v2/core/event_destinations/{}")
def delete(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    account.get(KIND, id)
    del account.objects[id]
    return {"id": id, "object": KIND, "deleted": True}


def roll(account: Account, id: str, *, keep: bool) -> str:
    """Gives a new secret; with `keep` the previous one signs, too."""
    made = account.get(KIND, id)
    made["_secrets"] = [account.new_id("whsec"), *(made["_secrets"][:1] if keep else [])]
    return str(made["_secrets"][0])


@call("GET", "/v2/core/events/{}")
def event(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("v2.core.event", id)


@call("GET", "/v1/events/{}")
def snapshot(account: Account, params: Mapping[str, Any], id: str) -> Thing:
    return account.get("event", id)


@call("GET", "/v1/events", f"{LISTING} type types[] created.{{gt,gte,lt,lte}}")
def snapshots(account: Account, params: Mapping[str, Any]) -> Thing:
    types = params.get("types") or ([params["type"]] if "type" in params else [])
    return page([event for event in account.all("event") if not types or event["type"] in types], params, "/v1/events")


@call("POST", "/v2/billing/meter_event_session")
def stream_session(account: Account, params: Mapping[str, Any]) -> Thing:
    made = account.make("v2.billing.meter_event_session", "mes", expires_at=moment(account.now() + 900))
    made.update(authentication_token=f"token_{made['id']}", created=moment(account.now()), _ends=account.now() + 900)
    return made


@call("POST", "/v2/billing/meter_event_stream", "events[].{event_name,identifier,timestamp,payload.*}")
def stream(account: Account, params: Mapping[str, Any]) -> Thing:
    events = forms.need(params, "events")
    if len(events) > 100:
        raise invalid("At most 100 events at a time.", "events")
    for given in events:
        at = given.get("timestamp")
        seconds = {"timestamp": int(datetime.fromisoformat(at).timestamp())} if at else {}
        meters.report(account, {**given, **seconds})
    return {}
