"""The schemas of the answers of this area's routes."""

from typing import get_args

from chalicelib.api import schema
from chalicelib.channels.schemas import TROUBLE
from chalicelib.networks.base import ChannelHealth
from chalicelib.upkeep.states import ABILITIES

_INCIDENT = schema.body(
    "Incident",
    ("health", "text", "began_at", "ended_at"),
    health=schema.one_of(get_args(ChannelHealth)),
    text={"type": "string"},
    began_at=schema.TIME,
    ended_at=schema.TIME_OR_NULL,
)
_WORDS = {"type": "array", "items": {"type": "string"}}
_CONSENT = schema.body(
    "ChannelConsent",
    ("scopes", "missing", "renewed_at", "ends_at"),
    scopes=_WORDS,
    missing=_WORDS,
    renewed_at=schema.TIME_OR_NULL,
    ends_at=schema.TIME_OR_NULL,
)
_POLLING = schema.body(
    "ChannelPolling",
    ("every", "failed", "not_before"),
    every={"type": "integer"},
    failed={"type": "integer"},
    not_before=schema.TIME_OR_NULL,
)
HEALTH = schema.body(
    "ChannelCondition",
    ("id", "network", "state", "health", "alert", "troubles", "incidents", "down_seconds", "checked_at", "can",
     "consent", "polling"),
    id=schema.id_of("chn"),
    network={"type": "string"},
    state=schema.one_of(("connected", "connecting", "disconnecting")),
    health=schema.one_of(get_args(ChannelHealth)),
    alert=schema.TEXT_OR_NULL,
    troubles={"type": "array", "items": TROUBLE},
    incidents={"type": "array", "items": _INCIDENT},
    down_seconds={"type": "integer"},
    checked_at=schema.TIME_OR_NULL,
    can={"type": "array", "items": schema.one_of(ABILITIES)},
    consent=schema.nullable(_CONSENT),
    polling=schema.nullable(_POLLING),
)  # fmt: skip
_COUNT = {"type": ["integer", "null"]}
_QUOTA = schema.body(
    "NetworkQuota",
    ("name", "used", "most", "ends_at"),
    name={"type": "string"},
    used=_COUNT,
    most=_COUNT,
    ends_at=schema.TIME_OR_NULL,
)
LIMITS = schema.body("ChannelLimits", ("limits",), limits={"type": "array", "items": _QUOTA})
