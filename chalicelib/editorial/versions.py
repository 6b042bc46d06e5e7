"""The published versions of a brand's line: numbered from 1, and never changed.

The last one is in force; or it is planned, and the one before it is in force until its time comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.brands import settings
from chalicelib.editorial import changeovers, differences, drafts, starters
from chalicelib.store import keys, table
from chalicelib.store.models.brands import Brand, StoredLine

if TYPE_CHECKING:
    from chalicelib.editorial.lines import Line

Json = Mapping[str, Any]
MOST, MOST_RETIRED = 9999, 1000
DRAFT = "draft"  # where the number of a version may stand


def publish(
    actor: Actor, brand: Brand, draft: StoredLine, note: str | None, now: int, at: int | None = None
) -> StoredLine:
    """Puts the draft into force as a version, now or `at` (ms) that time.

    Raises Forbidden for keys, and for whoever drafted it if the brand wants four eyes; Invalid for a line with faults,
    Conflict if nothing would change, a version is planned or rules cite a missing clause, PreconditionFailed if the
    draft changed meanwhile or somebody else published.
    """
    if actor.kind == "key":
        detail = "An API key cannot publish the editorial line: a member has to sign in."
        raise errors.Forbidden(detail, code="keys_do_not_publish")
    if settings.of(brand.settings).line_four_eyes and draft.author == actor.member:
        raise errors.Forbidden("You saved the draft last: another member has to publish it.", code="own_draft")
    holds = drafts.pointer(brand.pk, brand.id)
    if holds.next_at:
        raise errors.Conflict(
            "Another version of the editorial line is planned. Withdraw it first.", code="line_planned"
        )
    last = holds.number
    before = find(brand, last).content if last else {}
    if before == draft.content:
        raise errors.Conflict("The draft is the same as the version in force.", code="line_unchanged")
    _check(draft)
    _check_cited(brand, draft)
    retired = {*draft.retired, *differences.clause_ids(before)} - differences.clause_ids(draft.content)
    if last >= MOST or len(retired) > MOST_RETIRED:
        raise errors.Conflict(
            f"An editorial line has at most {MOST} versions and {MOST_RETIRED} retired clauses.", code="too_many"
        )
    common = {"content": draft.content, "retired": sorted(retired), "author": actor.member, "saved_at": now}
    published = StoredLine(draft.pk, keys.line(last + 1), number=last + 1, note=note, effective_at=at, **common)
    after = {"number": last + 1, **differences.changes(before, draft.content)}
    steps = changeovers.planning if at else changeovers.publishing
    table.transact(
        drafts.replacing(draft, drafts.with_changes(draft, **common)),
        table.putting(published, StoredLine.pk.does_not_exist(), otherwise=errors.PreconditionFailed),
        *steps(actor, holds, brand.id, at or now, after, now),
    )
    return published


def _check(draft: StoredLine) -> None:
    """Raises Invalid with the places of all that is wrong."""
    from chalicelib.editorial import contents, faults

    flaws = faults.faults(contents.line_of(draft.content), frozenset(draft.retired))
    if flaws:
        more = {"faults": [asdict(fault) for fault in flaws[:100]]}
        raise errors.Invalid(
            "The editorial line has faults: see `faults`.", code="line_faults", field=flaws[0].field, more=more
        )


def _check_cited(brand: Brand, draft: StoredLine) -> None:
    """Raises Conflict, with the rules, if rules cite a clause that the draft has not."""
    if rules := changeovers.silenced(brand.pk, brand.id, draft.content):
        raise errors.Conflict(
            "Rules cite a clause that the draft does not have: see `rules`.", code="clause_cited", more={"rules": rules}
        )


def restore(actor: Actor, brand: Brand, draft: StoredLine, number: int, now: int) -> StoredLine:
    """Gives the draft the content of that version. Raises NotFound without such a version, PreconditionFailed as
    `drafts` does.
    """
    return drafts.restore(actor, brand, draft, find(brand, number).content, now)


def discard(actor: Actor, brand: Brand, draft: StoredLine, now: int) -> StoredLine:
    """Gives the draft the content in force or, before the first version, the starter.

    Nothing is written if it has that content already. Raises PreconditionFailed if the draft changed meanwhile.
    """
    number = drafts.in_force(brand.pk, brand.id)
    content = find(brand, number).content if number else starters.starter(draft.content["language"])
    if content == draft.content:
        return draft
    return drafts.discard(actor, brand, draft, content, now)


def find(brand: Brand, number: int) -> StoredLine:
    """Raises NotFound if no such version was published."""
    version = table.get(StoredLine, keys.within(brand.pk, brand.id), keys.line(number)) if 0 < number <= MOST else None
    if version is None:
        raise errors.NotFound
    return version


def named(brand: Brand, text: str) -> StoredLine:
    """The version with the number that a path has."""
    return find(brand, int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0)


def difference(brand: Brand, since: str | None, to: str) -> Json:
    """What differs between two sides, each the number of a version or DRAFT.

    Without `since` the first side is the version in force; before one is published, it is empty.
    """
    last = drafts.in_force(brand.pk, brand.id)
    since = since or (str(last) if last else None)
    before, after = (_content(brand, side) if side else {} for side in (since, to))
    return {"brand": brand.id, "from": since, "to": to, **differences.in_full(before, after)}


def _content(brand: Brand, side: str) -> Json:
    content: Json = (drafts.get(brand) if side == DRAFT else named(brand, side)).content
    return content


def newest_first(brand: Brand, before: str) -> Iterator[StoredLine]:
    """The published versions, the newest first; with a sort key, those before it."""
    pk = keys.within(brand.pk, brand.id)
    return table.query(
        StoredLine, pk, keys.LINES, after=keys.line(0), before=before, newest=True,
        only=["sk", "number", "author", "note", "saved_at", "effective_at"],
    )  # fmt: skip


def in_force(agency: str, brand: str) -> "Line | None":
    """The line in force now; None before the first is published."""
    number = drafts.in_force(agency, brand)
    return _published(agency, brand, number) if number else None


@lru_cache(maxsize=200)
def _published(agency: str, brand: str, number: int) -> "Line | None":
    from chalicelib.editorial import contents

    version = table.get(StoredLine, keys.within(agency, brand), keys.line(number))
    return contents.line_of(version.content, number) if version else None


def changes(brand: Brand, version: StoredLine) -> Json:
    """What the version changed compared with the one before it."""
    before = find(brand, version.number - 1).content if version.number > 1 else {}
    return differences.changes(before, version.content)


def head(version: StoredLine) -> Json:
    """The version as the API lists it, without its content."""
    return {
        "number": version.number,
        "note": version.note,
        "published_by": version.author,
        "published_at": clock.text(version.saved_at),
        "effective_at": clock.text(version.effective_at or version.saved_at),
    }


def view(brand: Brand, version: StoredLine) -> Json:
    return {**head(version), "brand": brand.id, "line": version.content, "changes": changes(brand, version)}
