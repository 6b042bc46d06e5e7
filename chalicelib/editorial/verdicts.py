"""What the line in force has against a text of the brand. The detector is loaded only if the brand has a line."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib import errors
from chalicelib.editorial import drafts, versions
from chalicelib.store.models.brands import Brand

if TYPE_CHECKING:
    from chalicelib.editorial.checks import Remark
    from chalicelib.editorial.lines import Line

Json = Mapping[str, Any]
MOST = 20  # findings, the gravest first
PUBLIC = ("comment", "post", "review")  # what everybody reads


@dataclass(frozen=True)
class Verdict:
    """The findings of one text by that version of the line; the version is 0 of a draft."""

    version: int
    remarks: Sequence["Remark"]

    @property
    def blocks(self) -> bool:
        return any(remark.level == "block" for remark in self.remarks)

    @property
    def asks(self) -> list[str]:
        """What somebody has to approve, or nobody may send: the code and clause of each finding, once."""
        grave = (remark for remark in self.remarks if remark.level != "warn")
        return list(dict.fromkeys(map(_code_and_clause, grave)))

    def goes_beyond(self, kept: Json | None) -> bool:
        """True if it refuses the text, or asks for an approval that the stored verdict `kept` did not ask for."""
        return self.blocks or bool(set(self.asks).difference((kept or {}).get("asks", ())))

    def without(self, let_through: Collection[str]) -> "Verdict":
        """The verdict without what somebody let through; `let_through` has names as in `asks`."""
        left = [
            remark for remark in self.remarks if remark.level == "warn" or _code_and_clause(remark) not in let_through
        ]
        return replace(self, remarks=left)

    @property
    def kept(self) -> Json:
        """The part of the verdict that is stored with a reply."""
        return {"version": self.version, "asks": self.asks}


def _code_and_clause(remark: "Remark") -> str:
    return f"{remark.code}:{remark.clause or ''}"


@dataclass(frozen=True)
class Occasion:
    """What a text of the brand is for. `heard` returns what the customer wrote; it may read the table."""

    public: bool
    purposes: Sequence[str] = ()
    heard: Callable[[], str] = str


def of(agency: str, brand: str, text: str, more: Sequence[str], occasion: Occasion) -> Verdict | None:
    """The verdict of the line in force; None if the brand published none, or if there is no text.

    `more` is what else people read of it, such as buttons: only its words are checked, not its form.
    """
    line = versions.in_force(agency, brand) if text or more else None
    if line is None:
        return None
    public, language = occasion.public, language_of(occasion.heard()) if text else None
    verdict = _of_line(line, text, public=public, language=language, purposes=occasion.purposes)
    beside = [replace(remark, span=None) for part in more for remark in _of_line(line, part, public=public).remarks
              if remark.span]  # fmt: skip
    return replace(verdict, remarks=(*verdict.remarks, *dict.fromkeys(beside))[:MOST])


def of_brand(brand: Brand, text: str, *, surface: str, **occasion: Any) -> Verdict:
    """The verdict of the line in force; of the draft if none is published. `occasion` may have `language` and
    `purposes`.

    The surface counts as a purpose, too.
    """
    from chalicelib.editorial import contents

    line = versions.in_force(brand.pk, brand.id) or contents.line_of(drafts.get(brand).content)
    occasion["purposes"] = [*occasion.get("purposes", ()), surface]
    return _of_line(line, text, public=surface in PUBLIC, **occasion)


def language_of(text: str) -> str | None:
    """None if the language is not certain."""
    from chalicelib.words import lexicons, looks

    scene, _ = looks.scene_and_hits(text, lexicons.joined(lexicons.LANGUAGES))
    return scene.languages[0] if len(scene.languages) == 1 else None


def _of_line(
    line: "Line", text: str, *, public: bool, language: str | None = None, purposes: Sequence[str] = ()
) -> Verdict:
    from chalicelib.editorial import checks

    occasion = checks.Occasion(public, language, frozenset(purposes))
    return Verdict(line.version, checks.check(text, line, occasion)[:MOST])


def refusal_for(verdict: Verdict) -> errors.Invalid:
    more = {"findings": view(verdict)["findings"], "line": verdict.version}
    return errors.Invalid(
        "The brand's editorial line forbids the text.", code="against_the_line", field="text", more=more
    )


def audit_details(verdict: Verdict) -> Json:
    """What the audit says about a refusal: the clause, and never the words."""
    blocking = next(remark for remark in verdict.remarks if remark.level == "block")
    return {"line": verdict.version, "code": blocking.code, "clause": blocking.clause}


def view(verdict: Verdict) -> Json:
    return {"version": verdict.version or None, "findings": [_finding(remark) for remark in verdict.remarks]}


def _finding(remark: "Remark") -> Json:
    span = remark.span
    return {
        "code": remark.code,
        "level": remark.level,
        "clause": remark.clause,
        "suggestion": remark.suggestion or None,
        "at": span.at if span else None,
        "length": span.length if span else None,
        "at16": span.at16 if span else None,
    }
