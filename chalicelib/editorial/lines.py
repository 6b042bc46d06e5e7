"""The editorial line as it is written down, and what must be right about it before it is published.

Line
 +-- Clause             what is not wanted, with examples; decisions cite it by its id
 +-- Voice              how the brand speaks
 |    +-- Address           and to whom it says you, and how
 |    +-- ForbiddenWord     and what to say instead
 |    +-- ForbiddenClaim    and the clause that forbids it
 |    +-- Required          a text that must be there in some cases
 +-- Escalation         who takes over what is dangerous
 +-- Competitor, Own    whom it is not, and who it is
"""

from dataclasses import dataclass

from chalicelib.words.competitors import Competitor, Own

NOBODY = Own()
# Of whom a clause speaks: those who write to the brand, or the brand itself.
AUDIENCE, BRAND = "audience", "brand"


@dataclass(frozen=True, slots=True)
class Clause:
    """Severity is from 1, mild, to 4, danger; `covers` names the detector's categories that break the clause.

    `found_by` is `detector` or `people`: a clause that only people can judge needs no example that the detector finds.
    """

    id: str
    title: str
    text: str = ""
    severity: int = 2
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    public: bool = True
    speaks_of: tuple[str, ...] = (AUDIENCE,)
    covers: tuple[str, ...] = ()
    found_by: str = "detector"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who takes over when something of the category is escalated: the first of these members who is there.

    `say` is what the brand would answer; empty if no answer is always right. `within_minutes` is how soon somebody has
    to decide.
    """

    category: str
    to: tuple[str, ...]
    say: str = ""
    within_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """Words that the brand does not use, and what it says instead."""

    words: tuple[str, ...]
    say: str = ""


@dataclass(frozen=True, slots=True)
class ForbiddenClaim:
    """What must not be claimed, and the clause that says why."""

    words: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Required:
    """A text that must be in a reply of the purpose `when`, for example `advertising`."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """How somebody is spoken to in a language: `tu` or `vous`, `du` or `Sie`, `tú` or `usted`, `tu` or `você`."""

    language: str
    form: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How the brand speaks. `signature` may have placeholders in braces, which stand for any text:
    `^{member.first_name}`.

    Empty `languages` or `links` allow any language or link.
    """

    address: tuple[Address, ...] = ()
    signature: str = ""
    emoji_most: int | None = None
    forbidden_words: tuple[ForbiddenWord, ...] = ()
    forbidden_claims: tuple[ForbiddenClaim, ...] = ()
    required: tuple[Required, ...] = ()
    hashtags_never: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What a brand follows. A published version never changes; `version` is 0 for a draft."""

    language: str
    clauses: tuple[Clause, ...] = ()
    voice: Voice = Voice()
    competitors: tuple[Competitor, ...] = ()
    own: Own = NOBODY
    escalation: tuple[Escalation, ...] = ()
    version: int = 0

    def clause(self, id: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.id == id), None)

    def covering(self, category: str, speaks_of: str) -> Clause | None:
        """The most severe clause that a finding of this category breaks, among those about the audience or about the
        brand.
        """
        covering = (clause for clause in self.clauses if category in clause.covers and speaks_of in clause.speaks_of)
        return max(covering, key=lambda clause: clause.severity, default=None)
