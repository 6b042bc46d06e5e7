"""Turns Messenger's webhook into events. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import envelope, messaging
from chalicelib.networks._meta.envelope import Item, Read
from chalicelib.networks.read import MOST_PARTS, identity, millis, pick, short, words


def _delivery(item: Item) -> base.Event:
    delivery = item.value["delivery"]
    mids = delivery.get("mids")
    return base.Receipt(
        thread=messaging.person_id(item),
        status="delivered",
        at=messaging.time_of(item) or millis(delivery.get("watermark")),
        id=identity(mids[0]) if mids else "",
        watermark=0 if mids else _watermark(delivery),
    )


def _read(item: Item) -> base.Event:
    watermark = _watermark(item.value["read"])
    person = messaging.person_id(item)
    return base.Receipt(thread=person, status="read", at=messaging.time_of(item) or watermark, watermark=watermark)


def _watermark(receipt: base.Json) -> int:
    watermark = millis(receipt["watermark"])
    if not watermark:
        raise ValueError("a receipt of nothing")
    return watermark


def _order(item: Item) -> base.Event:
    """A cart, sent from the Page's shop."""
    content = item.value["order"]
    names = ("id", "retailer_id", "name", "unit_price", "currency", "quantity")
    products = content.get("products")
    items = [pick(product, *names) for product in products[:MOST_PARTS]] if isinstance(products, list) else []
    order = base.Attachment(kind="order", details={"items": items, "note": words(content.get("note"))})
    mid = identity(content["mid"]) if "mid" in content else messaging.made_id(item, "order")
    return messaging.message_of(item, mid, text=words(content.get("note")), attachments=(order,))


_HEALTH: Mapping[str, base.ChannelHealth] = {"block": "paused", "unblock": "ok"}


def _policy(item: Item) -> base.Event:
    policy = item.value.get("policy_enforcement") or item.value["policy-enforcement"]
    health = _HEALTH.get(words(policy.get("action")))
    if health is None:
        return base.Unhandled(reason="unknown_policy")
    detail = words(policy.get("reason"))
    return base.AccountEvent(name="policy_enforcement", at=messaging.time_of(item), health=health, detail=detail)


_EVENTS: Mapping[str, Read] = {
    **messaging.EVENTS,
    "delivery": _delivery,
    "read": _read,
    "order": _order,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,
}
_OF_FACEBOOK = ("feed", "mention", "ratings")
_IGNORED = ("account_linking", "app_roles", "response_feedback", "messaging_in_thread_lead_form_submit")


def _event(item: Item) -> base.Event:
    if item.field in _OF_FACEBOOK:
        return base.Unhandled(reason=base.SIBLING)
    if read := envelope.first_of(_EVENTS, item.value):
        return read(item)
    return base.Unhandled(reason=next((name for name in _IGNORED if name in item.value), "unknown_event"))


def _split(field: str, value: Any) -> Iterable[base.Json]:
    """One value for each message that a delivery names, and one for all messages up to its watermark."""
    is_delivery = isinstance(value, dict) and isinstance(value.get("delivery"), dict)
    return _receipts(value) if is_delivery else (value,)


def _receipts(value: base.Json) -> Iterator[base.Json]:
    delivery = value["delivery"]
    mids, watermark = delivery.get("mids"), delivery.get("watermark")
    named = mids if isinstance(mids, list) else [mids] if isinstance(mids, str) and mids else []
    whose: dict[str, Any] = {name: short(value.get(name), "id") for name in ("sender", "recipient")}
    whose |= {name: value[name] for name in short(value, "timestamp")}
    for mid in named:
        yield {**whose, "delivery": {"mids": [mid]}}
    if watermark is not None:
        yield {**whose, "delivery": {"watermark": watermark}}
    if watermark is None and not named:
        yield value


def parse(payload: base.Json) -> Iterator[base.Inbound]:
    return envelope.inbounds(payload, "page", _event, _split)
