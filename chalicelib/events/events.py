"""An event: that something happened. It has ids and names of types only, and no text of anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from chalicelib import ids
from chalicelib.access.actors import Source
from chalicelib.store.changes import Change

SOURCES: Mapping[str, Source] = {"member": "person", "key": "key", "system": "rule"}
_IN_A_CONVERSATION = ("cnv_", "msg_", "rpl_", "not_", "cas_", "dec_")


@dataclass(frozen=True)
class Event:
    """That something happened to `target`, at `at` (ms).

    `id` is the same however often the event is derived. `version` tells which of two states of the target is newer,
    where it has versions. `actor` did it, empty if it was nobody of the agency. `entry` is the audit entry that it
    reports. `deltas` is what it adds to the tallies of its brand. `caused_by` is the webhook endpoint
    whose receiver caused it. `facts` are what was so then, and is in no item for good.
    """

    id: str
    type: str
    at: int
    brand: str
    target: str
    version: int | None = None
    actor: str = ""
    actor_kind: str = ""
    source: Source = "network"
    entry: str = ""
    deltas: Mapping[str, int] | None = None
    caused_by: str = ""
    facts: Mapping[str, int | str] | None = None

    def packed(self) -> list[Any]:
        """Its values in their order, without those at the end that are the default; `Event(*values)` reads them."""
        values = list(astuple(self))
        while values[-1] in ("", None):
            values.pop()
        return values

    @property
    def conversation(self) -> str | None:
        """The conversation that the target is, or is in; None for other targets."""
        if not self.target.startswith(_IN_A_CONVERSATION):
            return None
        return self.target if self.target.startswith("cnv_") else ids.conversation_of(self.target)


def derived(
    change: Change,
    type: str,
    brand: str,
    target: str,
    at: int = 0,
    *,
    version: int | None = None,
    source: Source = "network",
    deltas: Mapping[str, int] | None = None,
    actor: str = "",
    caused_by: str = "",
    facts: Mapping[str, int | str] | None = None,
    part: Sequence[str] = (),
) -> Event:
    """`part` tells apart what is of one type and made by one change."""
    id = ids.digest(change.pk, change.sk, change.number, type, *part, length=20)
    return Event(
        f"evt_{id}",
        type,
        at or change.at,
        brand,
        target,
        version,
        actor,
        kind_of(actor),
        source=source,
        deltas=deltas,
        caused_by=caused_by,
        facts=facts,
    )


def source_of(actor: str) -> Source:
    """Why a member or key did something, or rules where it was nobody."""
    return SOURCES[kind_of(actor) or "system"]


def kind_of(actor: str) -> str:
    """What the id is of: a member, a key, or the system."""
    return {"key_": "key", "mbr_": "member"}.get(actor[:4], "system" if actor else "")
