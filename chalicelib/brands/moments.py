"""Future times that callers give: with an offset, or else on the brand's clocks."""

from chalicelib import clock, errors, moments, patterns
from chalicelib.brands import brands, settings

_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
MOMENT = {
    "type": "string",
    "maxLength": 40,
    "pattern": f"^{patterns.DAY}T{_CLOCK}(:[0-5][0-9]([.][0-9]{{1,6}})?)?(Z|[+-]{_CLOCK})?$",
    "description": "A moment in the future, at most a year away. Without an offset, the brand's time zone counts.",
}


def to_come(agency: str, brand_id: str, moment: str, now: int, field: str) -> int:
    """The ms of a text that fits MOMENT. The brand is read only if the text has no offset.

    Raises Invalid for a text that is no time, for one in the past or more than a year ahead, and for one that the
    clocks skip.
    """
    try:
        at = clock.parse(moment) if clock.names_zone(moment) else clock.local(moment, _zone(agency, brand_id))
    except clock.NoSuchTime as skipped:
        raise errors.Invalid(
            "The time does not exist: the brand's clocks are put forward then.", code="no_such_time", field=field
        ) from skipped
    except ValueError as wrong:
        raise errors.Invalid(
            "The value has to be a moment such as 2026-11-22T15:00 or 2026-11-22T15:00:00Z.",
            code="bad_times",
            field=field,
        ) from wrong
    return moments.in_time(at, now, field)


def _zone(agency: str, brand_id: str) -> str:
    return settings.of(brands.find(agency, brand_id).settings).time_zone
