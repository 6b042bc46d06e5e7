"""The settings of a brand as one typed value: each with its type and default, and the check of new values.

The table and the API have them as a JSON object. Only this module and `hours` read that object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from chalicelib import clock, errors, room
from chalicelib.brands import hours, reply_rules
from chalicelib.brands.hours import Hours
from chalicelib.brands.reply_rules import Rule

Json = Mapping[str, Any]
ServiceLevel = Mapping[str, Any]
Mode = Literal["off", "round_robin", "capacity"]
MOST_BYTES = 100_000  # an audit entry has them before and after a change
# A change of one of these settings moves the deadlines of open conversations.
MOVES_DEADLINES = {"assignment", "auto_resolve_hours", "holidays", "hours", "service_levels", "time_zone"}


@dataclass(frozen=True)
class Assignment:
    """How new conversations are assigned to members with one of `roles`; each has at most `limit` (None: any number).

    An assignee who does nothing for `quiet_minutes` of business time loses the conversation to the next member.
    """

    mode: Mode = "off"
    roles: Sequence[str] = ()
    limit: int | None = None
    quiet_minutes: int | None = None

    @property
    def is_on(self) -> bool:
        """True if conversations are assigned automatically."""
        return self.mode != "off"


@dataclass(frozen=True)
class ReplySettings:
    """The rules for replies, whether people may approve their own, and after how many hours of
    waiting a reply expires.
    """

    rules: Sequence[Rule] = ()
    own_approval: bool = False
    expire_hours: int = 72


@dataclass(frozen=True)
class BrandSettings:
    """All settings of a brand. Without hours it is always open; with `auto_resolve_hours` None nothing is resolved
    automatically.

    `receipts`: customers are told that their messages were read. `share_counts`: the agency counts, over all brands
    with this setting, how many of them get the same text. `line_four_eyes`: nobody publishes their own draft of the
    editorial line. `model_units_per_day`: how many thousand characters of messages a model may read a day for its
    rules.
    """

    time_zone: str = "UTC"
    hours: Hours = field(default_factory=Hours)
    service_levels: Sequence[ServiceLevel] = ()
    assignment: Assignment = field(default_factory=Assignment)
    auto_resolve_hours: int | None = None
    receipts: bool = False
    line_four_eyes: bool = False
    share_counts: bool = False
    model_units_per_day: int = 0
    replies: ReplySettings = field(default_factory=ReplySettings)


def of(stored: Json) -> BrandSettings:
    """Reads the settings from a JSON object that fits schemas.SETTINGS."""
    return BrandSettings(
        time_zone=stored.get("time_zone", "UTC"),
        hours=hours.of(stored),
        service_levels=stored.get("service_levels", ()),
        assignment=Assignment(**stored.get("assignment", {})),
        auto_resolve_hours=stored.get("auto_resolve_hours"),
        receipts=stored.get("receipts", False),
        line_four_eyes=stored.get("line_four_eyes", False),
        share_counts=stored.get("share_counts", False),
        model_units_per_day=stored.get("model_units_per_day", 0),
        replies=ReplySettings(**stored.get("replies", {})),
    )


def named_roles(settings: BrandSettings) -> Mapping[str, set[str]]:
    """The roles in the settings, by the field that names them."""
    return {
        "settings.replies.rules": reply_rules.named_roles(settings.replies.rules),
        "settings.assignment.roles": set(settings.assignment.roles),
    }


def check(proposed: Json) -> None:
    """Raises Invalid for what a schema cannot check: unknown time zones, hours that overlap, dates
    that do not exist.
    """
    if room.size(proposed) > MOST_BYTES:
        raise errors.Invalid(f"The settings have more than {MOST_BYTES} bytes.", code="too_much", field="settings")
    if proposed.get("time_zone", "UTC") not in clock.zones():
        raise errors.Invalid(
            "The value has to be a time zone such as Europe/Madrid.",
            code="unknown_reference",
            field="settings.time_zone",
        )
    for day, spans in proposed.get("hours", {}).items():
        if not hours.in_order(spans):
            raise errors.Invalid(
                "Each interval has to end after it begins, and before the next one begins.",
                code="not_together",
                field=f"settings.hours.{day}",
            )
    for day in proposed.get("holidays", ()):
        try:
            date.fromisoformat(day)
        except ValueError as wrong:
            raise errors.Invalid(
                "Each value has to be a day such as 2026-12-25.", code="bad_times", field="settings.holidays"
            ) from wrong
