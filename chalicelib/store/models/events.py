"""Items of events."""

from chalicelib.store.items import Item, Packed, Whole


class StoredSegment(Item):
    """A segment of an agency's log: `events` that were appended together at `at` (ms), each as a list of its values.

    `starts`: the log was empty before. `expires` is in seconds, for TTL.
    """

    number = Whole()
    at = Whole()
    events = Packed()
    starts = Whole(default=0)
    expires = Whole()
