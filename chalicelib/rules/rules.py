"""A rule as it is asked and obeyed: which messages it means, what it does about them, and the clause it cites.

Rule
 +-- Act     what to do: hide, queue for a person, label, ...
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.trees import Tree

Do = Literal[
    "keep",
    "queue",
    "hide",
    "delete",
    "label",
    "assign",
    "priority",
    "propose",
    "strike",
    "escalate",
    "propose_ban",
    "require_approval",
    "ask_model",
]
State = Literal["draft", "shadow", "live", "retired"]
Json = Mapping[str, Any]
# A message gets one of these; the earlier in this order, the safer for its author.
EXCLUSIVE: tuple[Do, ...] = ("keep", "queue", "hide", "delete")
MOST_RULES, MOST_ACTS = 100, 10


@dataclass(frozen=True, slots=True)
class Act:
    """`value` says what more it needs: a label, a member or team, a priority, a canned reply, a strike's weight, or how
    many days a ban is to last.
    """

    do: Do
    value: Any = None

    @property
    def is_exclusive(self) -> bool:
        """True if it decides whether the message stays."""
        return self.do in EXCLUSIVE


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule; `live` if it acts, else it only notes what it would have done.

    `per_minute` is how many messages it may act on in a minute before it brakes, `sample_percent` how many of what it
    acted on a person looks at blindly, `ends_at` (ms) when it stops, `stop` whether no later rule is asked. `braked`:
    it acted on too much, and what it would hide waits for a person until somebody says what becomes of the rule.
    """

    id: str
    version: int
    live: bool
    clause: str
    severity: int
    when: Tree
    then: tuple[Act, ...]
    stop: bool = False
    per_minute: int = 30
    sample_percent: int = 0
    ends_at: int | None = None
    braked: bool = False

    def is_on(self, now: int) -> bool:
        return self.ends_at is None or now < self.ends_at


# The defaults of a rule's fields.
UNSAID: Json = {"stop": False, "per_minute": 30, "sample_percent": 0, "ends_at": None}
# The field that an act needs besides `do`, in its JSON.
VALUES: Mapping[Do, str] = {
    "label": "label", "assign": "to", "priority": "priority", "propose": "canned_reply", "strike": "weight",
    "propose_ban": "days",
}  # fmt: skip


def act_of(written: Json) -> Act:
    return Act(written["do"], written.get(VALUES.get(written["do"], "")))


def written(act: Act) -> Json:
    return {"do": act.do, **({VALUES[act.do]: act.value} if act.do in VALUES else {})}
