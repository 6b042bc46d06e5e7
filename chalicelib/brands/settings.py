"""A brand's settings as one typed value: each setting with its type and default, and what makes one unacceptable.

The table and the API keep them as the JSON object they were given as; nothing else reads that object.
"""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from chalicelib import errors
from chalicelib.brands import hours, reply_rules
from chalicelib.brands.hours import Hours
from chalicelib.brands.reply_rules import Rule

Json = Mapping[str, Any]
ServiceLevel = Mapping[str, Any]
Mode = Literal["off", "round_robin", "capacity"]
# A change of one of these moves deadlines of conversations that are under way.
MOVES_DEADLINES = {"assignment", "auto_resolve_hours", "holidays", "hours", "service_levels", "time_zone"}


@dataclass(frozen=True)
class Assignment:
    """How new conversations are given to members of `roles`: each takes at most `limit`, None for any number.

    An assignee who does not move for `quiet_minutes` of business time loses the conversation to the next.
    """

    mode: Mode = "off"
    roles: Sequence[str] = ()
    limit: int | None = None
    quiet_minutes: int | None = None

    @property
    def is_on(self) -> bool:
        """True if conversations are given by itself at all."""
        return self.mode != "off"


@dataclass(frozen=True)
class ReplySettings:
    """Who approves whose replies, whether people may approve their own, and how long one waits for approval."""

    rules: Sequence[Rule] = ()
    own_approval: bool = False
    expire_hours: int = 72


@dataclass(frozen=True)
class BrandSettings:
    """All settings of a brand. Without hours it is always open; `auto_resolve_hours` None resolves nothing."""

    time_zone: str = "UTC"
    hours: Hours = field(default_factory=Hours)
    service_levels: Sequence[ServiceLevel] = ()
    assignment: Assignment = field(default_factory=Assignment)
    auto_resolve_hours: int | None = None
    replies: ReplySettings = field(default_factory=ReplySettings)


def of(given: Json) -> BrandSettings:
    """The settings that a JSON object of the form of the API's schema says."""
    return BrandSettings(
        time_zone=given.get("time_zone", "UTC"),
        hours=hours.of(given),
        service_levels=given.get("service_levels", ()),
        assignment=Assignment(**given.get("assignment", {})),
        auto_resolve_hours=given.get("auto_resolve_hours"),
        replies=ReplySettings(**given.get("replies", {})),
    )


def named_roles(settings: BrandSettings) -> Mapping[str, set[str]]:
    """The roles that settings name, by the setting that names them."""
    return {
        "settings.replies.rules": reply_rules.named_roles(settings.replies.rules),
        "settings.assignment.roles": set(settings.assignment.roles),
    }


def check(given: Json) -> None:
    """Raises Invalid for what a schema cannot see: unknown time zones, hours that overlap, days that do not exist."""
    if given.get("time_zone", "UTC") not in zoneinfo.available_timezones():
        raise errors.Invalid("Not a time zone.", field="settings.time_zone")
    for day, spans in given.get("hours", {}).items():
        if not hours.in_order(spans):
            raise errors.Invalid("Intervals follow each other and do not overlap.", field=f"settings.hours.{day}")
    for day in given.get("holidays", ()):
        try:
            date.fromisoformat(day)
        except ValueError as wrong:
            raise errors.Invalid("Days as 2026-12-25.", field="settings.holidays") from wrong
