"""Rights of the functions beside what they asked of AWS, in all processes of a run.

The emulator permits everything. So every function there writes down what it asks (`in_functions/`), and here its
policy decides: what AWS would deny fails the run, whichever tests it had. A right that no test used fails a whole run.
"""

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import environment, infra, policies
from tests.support import iam

Json = Mapping[str, Any]
IN_FUNCTIONS = Path(__file__).parent / "in_functions"
POLICIES: Mapping[str, list[Json]] = {
    function["resource"]: list(policies.statements(function)) for function in infra.table()["functions"].values()
}
# What AWS itself does with a function's rights: no function is seen to ask for it.
BY_AWS = {
    *("logs:CreateLogStream", "logs:PutLogEvents"),
    *(f"sqs:{action}" for action in policies.RECEIVE),
    *(f"dynamodb:{action}" for action in policies.FOLLOW),
}
# Rights that no test uses, each with the reason why it is there nevertheless.
UNUSED: Mapping[str, str] = {
    **{
        f"{function} execute-api:ManageConnections ${{Sockets}}/live/*/@connections/*": "signed by us, not by a client"
        for function in ("OnSocket", "OnPush")
    },
    "APIHandler s3:PutObject Bucket/upload/*": "asked by the page that uploads, with our signature",
    **{
        f"{function} es:{action} domain/palabre-${{Stage}}/*": "signed by us, and only where a stage has such a domain"
        for function in ("APIHandler", "OnText")
        for action in ("ESHttpPost", "ESHttpPut")
    },
    **{
        f"{function} s3:ListBucket Bucket": "it need not meet a file that is gone"
        for function in ("APIHandler", "OnInbound", "OnOutbox", "OnText")
    },
    "OnText sqs:SendMessage TextsQueue": "asks itself to go on, after twenty seconds of work for one agency",
    "OnChange sqs:SendMessage ChangesDeadQueue": "AWS itself sends what the stream gives up",
    "OnCount sqs:SendMessage FactsDeadQueue": "AWS itself sends what the stream gives up",
    "OnFollowup dynamodb:ConditionCheckItem Table agc_*": "finishes a disconnecting that died, of a shared account",
    "OnFollowup dynamodb:PutItem Table route#*": "finishes a disconnecting that died, of a shared account",
    "OnFollowup dynamodb:DeleteItem Table look#*": "finishes a disconnecting that died, of an account that is asked",
    "OnFollowup dynamodb:DeleteItem Table granted#*": "finishes a disconnecting that died, of an account by consent",
    "OnUpkeep dynamodb:PutItem Table look#*": "puts a look-up where it is missing, of a channel older than its polling",
    **{
        f"{function} dynamodb:PutItem Table pulse#*": "notes that a network failed as a whole, while it acts or looks"
        for function in ("APIHandler", "OnFollowup", "OnModeration", "OnUpkeep")
    },
    "OnUpkeep dynamodb:GetItem Table hook#*": "the daily look of an agency's own app, which tests begin themselves",
    "Tick sqs:SendMessage EventsQueue": "tells what changed minutes ago, when no test waits any more",
    "OnHook dynamodb:GetItem Table route#*": "is asked only where a network's secret is missing",
    "OnOutbox dynamodb:BatchGetItem Table agc_*": "what waited for a message of ours may tell of a person",
    "OnOutbox dynamodb:DeleteItem Table agc_*": "what waited for a message of ours is taken by whoever is first",
    "OnOutbox s3:PutObject Bucket/text/*": "what waited for a message of ours may be a long text",
}
asked: set[str] = set()


def recording(folder: Path) -> Mapping[str, str]:
    """For the environment of an emulator: its functions write down in the folder what they ask."""
    return {"CALLS_FOLDER": str(folder), "PYTHONPATH": f"{IN_FUNCTIONS}{os.pathsep}{environment.ROOT}"}


def note(folder: Path) -> None:
    """Takes in what functions wrote down there."""
    asked.update(line for file in folder.iterdir() for line in file.read_text().splitlines())


def faults(lines: Collection[str], whole: bool) -> list[str]:
    calls = sorted(map(_call, lines), key=str)
    without_use = [f"No test uses this right, and {__name__} has no reason for it: {right}" for right in unused(calls)]
    return [f"AWS would deny this: {call}" for call in denied(calls)] + (without_use if whole else [])


@dataclass(frozen=True)
class Call:
    """What a function asked."""

    function: str
    request: iam.Request

    def __str__(self) -> str:
        return f"{self.function} {self.request.action} {self.request.resource} {dict(self.request.context) or ''}"


def _call(line: str) -> Call:
    """The emulator calls a function `palabre-local-OnHook-1A2B`, which is `OnHook` in the template."""
    written = json.loads(line)
    parts = written["function"].split("-")
    function = next(name for name in POLICIES if name in parts)
    return Call(function, iam.Request(written["action"], written["resource"], written["context"]))


def denied(calls: Collection[Call]) -> list[str]:
    """What functions asked and their policies do not permit."""
    return [str(call) for call in calls if not iam.allows(POLICIES[call.function], call.request)]


def unused(calls: Collection[Call]) -> list[str]:
    """The rights of functions that nobody asked for, and for which no reason is known."""
    return [
        f"{function} {right}"
        for function in POLICIES
        for right in _rights(function)
        if f"{function} {right}" not in UNUSED
        and not any(right.covers(call.request) for call in calls if call.function == function)
    ]


@dataclass(frozen=True)
class _Right:
    """One action on one resource; `value` is what the condition key must be like, where the right has a condition."""

    action: str
    resource: str
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.action, self.resource, self.value)))

    def covers(self, request: iam.Request) -> bool:
        fits = request.action == self.action and iam.like(self.resource, request.resource)
        return fits and (
            not self.key or any(iam.like(self.value, value) for value in request.context.get(self.key, ()))
        )


def _rights(function: str) -> Iterator[_Right]:
    for statement in POLICIES[function]:
        if statement["Effect"] == "Allow":
            compared = [
                condition for operator, condition in statement.get("Condition", {}).items() if operator != "Null"
            ]
            wanted = [
                (key, value)
                for condition in compared
                for key, values in condition.items()
                for value in iam.values(values)
            ]
            for action in set(statement["Action"]) - BY_AWS:
                for resource in map(iam.target, statement["Resource"]):
                    for key, value in wanted or [("", "")]:
                        yield _Right(action, resource, key, value)
