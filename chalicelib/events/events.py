"""An event: something happened. It holds only ids and names of types, and nobody's text."""

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
    """Something happened to `target`, at `at` (ms).

    `id` is the same however often the event is derived. `version` tells which of two states of the target is newer, if
    it has versions. `actor` did it, empty if it was nobody of the agency. `entry` is the id of the audit entry that it
    reports. `deltas` is what it adds to the tallies of its brand. `caused_by` is the webhook endpoint whose receiver
    caused it. `facts` were true when it happened and may be stored nowhere else.
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
        """The values in their order, without default values at the end; `Event(*values)` reads them."""
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
    """An event that a change of the table makes. `part` distinguishes several events of one type made by the same
    change.
    """
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
    """The source of what this member, key or rule did; an empty `actor` means a rule."""
    return SOURCES[kind_of(actor) or "system"]


def kind_of(actor: str) -> str:
    """`key`, `member` or `system`, by the id's prefix; empty for an empty id."""
    return {"key_": "key", "mbr_": "member"}.get(actor[:4], "system" if actor else "")
