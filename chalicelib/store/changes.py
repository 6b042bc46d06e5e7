"""Changes of the table as its stream delivers them: at least once, and in order for each item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import clock

Image = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of an item, in DynamoDB's JSON; `old` or `new` is empty if there is no such image.

    `number` identifies the change and stays the same if it is delivered again. `at` (ms) is when the change was made,
    in whole seconds.
    """

    kind: str
    pk: str
    sk: str
    old: Image
    new: Image
    number: str = ""
    at: int = 0


def read(record: Mapping[str, Any]) -> Change:
    stream = record["dynamodb"]
    pk, sk = (stream["Keys"][name]["S"] for name in ("pk", "sk"))
    images = stream.get("OldImage", {}), stream.get("NewImage", {})
    at = int(stream["ApproximateCreationDateTime"]) * clock.SECOND
    return Change(record["eventName"], pk, sk, *images, number=stream["SequenceNumber"], at=at)
