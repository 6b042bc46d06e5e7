"""The ids that a client gives our things: unique per kind, within the agency or, for things of a brand, within the
brand.

A look-up item maps each to our id. It is written in the transaction that creates the thing or sets its external id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib import errors
from chalicelib.store import keys, table
from chalicelib.store.models.requests import ExternalId

PREFIX = "ext:"  # in a path, in the place of an id of ours


@dataclass(frozen=True)
class Kind:
    """`word` begins the thing's path in the API; `of_brand`: it belongs to a brand, and the external id is unique
    there.
    """

    word: str
    of_brand: bool = True


# By the prefix of our ids. A new kind needs a line here, the attribute `external_id`, and a test's example.
KINDS: Mapping[str, Kind] = {
    "brd": Kind("brands", of_brand=False),
    "chn": Kind("channels"),
    "ctc": Kind("contacts"),
    "cnv": Kind("conversations"),
    "rpl": Kind("replies"),
    "can": Kind("canned-replies"),
    "mbr": Kind("members", of_brand=False),
    "tem": Kind("teams", of_brand=False),
    "viw": Kind("views", of_brand=False),
}
WORDS = {kind.word: prefix for prefix, kind in KINDS.items()}


def _item(agency: str, id: str, brand: str, external_id: str) -> ExternalId:
    scope = brand if KINDS[id[:3]].of_brand else ""
    return ExternalId(keys.external(agency), keys.external_id(id[:3], external_id, scope), id=id, brand=scope)


def claiming(agency: str, id: str, brand: str, external_id: str | None) -> list[table.Write]:
    """For transact: give the thing that external id. Raises Conflict, with the other's id, if another thing has it."""
    if not external_id:
        return []
    item = _item(agency, id, brand, external_id)
    is_free = ExternalId.pk.does_not_exist() | (ExternalId.id == id)
    return [table.putting(item, is_free, otherwise=lambda: _taken(item))]


def _taken(item: ExternalId) -> errors.Problem:
    """Conflict with the id of the thing that has it; Unavailable, so that the caller tries again, if it has become
    free.
    """
    holder = table.get(ExternalId, item.pk, item.sk)
    if holder is None:
        return errors.Unavailable()
    return errors.Conflict(
        "Another object already has this external id: see `id`.",
        code="external_id_taken",
        field="external_id",
        more={"id": holder.id},
    )


def releasing(agency: str, id: str, brand: str, external_id: str | None) -> list[table.Write]:
    """For transact: frees the external id of a thing that is removed or gets another one."""
    return [table.deleting(_item(agency, id, brand, external_id))] if external_id else []


def renaming(agency: str, id: str, brand: str, before: str | None, after: str | None) -> list[table.Write]:
    """For transact: releases the earlier external id and claims the new one; nothing if they are the same."""
    if before == after:
        return []
    return [*releasing(agency, id, brand, before), *claiming(agency, id, brand, after)]


def holders(agency: str, word: str, external_id: str) -> list[ExternalId]:
    """The things of that kind with that external id: at most one, or at most one per brand if the kind is a brand's."""
    prefix = keys.external_id(WORDS[word], external_id)
    return list(table.query(ExternalId, keys.external(agency), prefix, consistent=True))


def our_id(agency: str, word: str, part: str, sees: Callable[[str], bool]) -> str:
    """Our id for a path part `ext:{external id}`; any other part of a path is returned as it is.

    Raises NotFound if there is no such thing in a brand that the caller `sees`, Conflict if there are several.
    """
    if not part.startswith(PREFIX) or word not in WORDS:
        return part
    ids = [
        holder.id
        for holder in holders(agency, word, part.removeprefix(PREFIX))
        if not holder.brand or sees(holder.brand)
    ]
    if not ids:
        raise errors.NotFound
    if len(ids) > 1:
        raise errors.Conflict(
            "Objects of several brands have this external id: see `ids`.",
            code="external_id_ambiguous",
            more={"ids": ids},
        )
    return ids[0]
