"""What is found in a text: findings with their evidence, and the most that a machine may do about each by itself."""

from dataclasses import dataclass

MOST = 8  # findings that a verdict keeps, the worst first
# What a machine may do alone: hide it, have a person look, nothing. In this order.
ACTS = ("nothing", "queue", "hide")
# A cry for help is answered, never hidden. A report of something dangerous is a complaint: somebody is told of it,
# and it stays. To name a competitor is everybody's right: competitors.py tells more.
PEOPLE_ONLY = {"self_harm": "queue", "safety": "nothing", "competitor": "nothing"}
# The origin of a finding that only a model made: no place in the text shows it, so no machine acts on it alone.
MODEL = "model"
# Categories that may be quoted, denied or meant kindly; and those of them that one may say of oneself and one's own.
SAID, OPINIONS = {"insult", "hate", "profanity", "threat"}, {"insult", "hate", "profanity"}


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text as written: `at` and `length` in code points, `at16` in UTF-16 units, as browsers count."""

    at: int
    length: int
    at16: int
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """How it is said. It changes what may be done, never what was seen."""

    aimed: bool = False
    quoted: bool = False
    denied: bool = False
    kind: bool = False
    own: bool = False
    name: bool = False
    thing: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """`means` is the entry that was found, `how` the disguises that were undone, `origin` the list it is from.

    A model's finding has no place in the text; its `means` is the model's reason, and `score` how sure it is, up to
    100.
    """

    category: str
    severity: int
    certainty: str
    spans: tuple[Span, ...]
    means: str
    how: tuple[str, ...] = ()
    origin: str = "lexicon"
    language: str = "any"
    sure: bool = True
    context: Context = Context()
    score: int = 0

    @property
    def by_model(self) -> bool:
        return self.origin == MODEL


@dataclass(frozen=True, slots=True)
class Verdict:
    """The worst findings, the languages in which the text was read, and the domains in it."""

    findings: tuple[Finding, ...] = ()
    languages: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def most(self) -> str:
        """The most that a machine may do alone because of any of the findings."""
        return max((most(finding) for finding in self.findings), key=ACTS.index, default="nothing")


def most(finding: Finding) -> str:
    """The most that a machine may do alone because of this: `hide`, `queue` or `nothing`."""
    context = finding.context
    if finding.category in PEOPLE_ONLY:
        return PEOPLE_ONLY[finding.category]
    if finding.by_model:
        return "queue"
    if context.name:
        return "nothing"
    if finding.certainty == "oath":
        return "queue" if context.thing and not (context.quoted or context.denied or context.kind) else "nothing"
    if finding.certainty in {"aim", "code"} and not context.aimed:
        return "nothing"
    gentle = finding.category in SAID and (context.quoted or context.denied or context.kind)
    gentle = gentle or (finding.category in OPINIONS and context.own)
    doubtful = finding.certainty in {"vague", "code"} or not finding.sure or finding.severity < 2
    unaimed = finding.certainty == "slur" and not context.aimed
    return "queue" if gentle or doubtful or unaimed else "hide"
