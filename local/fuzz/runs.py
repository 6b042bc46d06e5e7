"""A run: an owner and a client call all operations, and use the ids in the answers for their next calls."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests
from schemathesis import GenerationMode, Response
from schemathesis.core.parameters import ParameterLocation

from chalicelib.access import permissions
from local.fuzz import document, findings, probes, scene
from local.fuzz.document import Case, Operation
from local.fuzz.things import Things

WHO = ("owner", "client")
EXAMPLES = {
    **scene.RULE,
    **scene.TEXT,
    "condition": {"field": "status", "is": "open"},
}  # the document shows less than is checked
NEGATIVE, THEIRS = 0.1, 0.5  # for each request of the owner that the document allows
SELDOM = 16  # one of so many requests names what there is not, or another version, or repeats a key


@dataclass
class Told:
    """The results of one caller. Each finding is its class, the operation and what is wrong.

    `edges` are the answers to requests at edges, which nobody expects to succeed.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    edges: Counter[int] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # what the document allows: operation and code
    findings: dict[tuple[str, str, str], str] = field(default_factory=dict)  # and how to ask it again


class Asker:
    """A caller who is signed in to one agency, at the API of that address."""

    def __init__(self, who: str, api: str, token: str, agency: str, brand: str, number: int) -> None:
        self.who, self.api, self.agency, self.told = who, api, agency, Told()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.session = requests.Session()
        self._chance, self._number = Random(f"{who} {number}"), number
        self.things = Things(self._chance, EXAMPLES)
        self.things.add("brd", brand)

    def may(self, operation: Operation) -> bool:
        needed = operation.definition.raw.get("x-permissions", ())
        return not needed or bool(permissions.TEMPLATES[self.who] & set(needed))

    def get(self, path: str) -> Any:
        """The JSON at that path, if the caller may see it; its ids are learnt."""
        answer = self.send("GET", path)
        if answer.status_code != 200 or answer.headers["content-type"] != "application/json":
            return {}
        body = answer.json()
        self.things.learn(path.partition("?")[0].rsplit("/", maxsplit=1)[-1], body)
        return body

    def refresh(self, operation: Operation) -> None:
        """Reads the list of what the operation is about, if no such id is known."""
        word = document.word_of(operation)
        if "{" in operation.path and not self.things.has(word):
            self.get(f"/{word}")

    def make(self, method: str, path: str, body: Mapping[str, Any]) -> str:
        """Makes something; gives its id. SystemExit if that fails, because the run needs it."""
        answer = self.send(method, path, {}, body)
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path} is answered with {answer.status_code}: {answer.text}")
        self.things.learn(path.split("/")[1], answer.json())
        return str(answer.json().get("id", ""))

    @property
    def asked(self) -> int:
        return self.told.statuses.total() + self.told.edges.total()

    def ask(self, case: Case, *, edge: bool = False) -> None:
        is_allowed = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
        self._put_in_place(case)
        response = case.call(base_url=self.api, session=self.session, headers=self.headers, timeout=60)
        id, faults = document.id_of(case.operation), findings.of(case, response, is_allowed=is_allowed)
        self.note(id, response.status_code, faults, lambda: self._again(case, response), edge=edge)
        if is_allowed and response.status_code >= 400:
            code = f"{response.status_code} {findings.code_of(response)}"
            self.told.refused[id, code] += 1
        if response.status_code < 300 and response.content[:1] == b"{":
            self.things.learn(document.answer_word_of(case.operation), json.loads(response.content))

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        sent = {**self.headers, "Palabre-Agency": self.agency, **(headers or {})}
        return self.session.request(method, f"{self.api}{path}", headers=sent, json=body, timeout=60)

    def note(
        self, asked: str, status: int, faults: Iterable[tuple[str, str]], again: Callable[[], str] = str,
        *, edge: bool = False,
    ) -> None:  # fmt: skip
        """Counts an answer, and keeps new findings."""
        (self.told.edges if edge else self.told.statuses)[status] += 1
        for kind, what in faults:
            if (kind, f"{self.who} {asked}", what) not in self.told.findings:
                self.told.findings[kind, f"{self.who} {asked}", what] = again()

    def _again(self, case: Case, response: Response) -> str:
        """The command to repeat the request, and the answer."""
        return f"{case.as_curl_command(headers=self.headers)}\n{response.content.decode(errors='replace')[:1000]}"

    def _put_in_place(self, case: Case) -> None:
        """Puts ids of existing things into those parts of the request that are meant to be valid."""
        word = document.word_of(case.operation)
        if _is_sound(case, ParameterLocation.PATH):
            case.path_parameters.update({name: self._part(case, name) for name in case.path_parameters})
        if _is_sound(case, ParameterLocation.BODY) and isinstance(case.body, dict):
            case.body = self.things.put(case.body)
        if _is_sound(case, ParameterLocation.QUERY):
            case.query.update(self.things.put(dict(case.query)))
            if word == "events" and "type" in case.query:
                case.query["type"] = self.things.put(case.query["type"], "events")
            for name in ("cursor", "after") if self._usually() else ("cursor",):  # which only an answer tells
                case.query.pop(name, None)
        if _is_sound(case, ParameterLocation.HEADER):
            case.headers["Palabre-Agency"] = self.agency
            if self._usually():
                case.headers.pop("If-Match", None)
                case.headers.pop("If-None-Match", None)
                if "Idempotency-Key" in case.headers:
                    case.headers["Idempotency-Key"] = f"{self._number}-{self.asked}"

    def _part(self, case: Case, name: str) -> str:
        """The value of that part of the path."""
        about = {"event": "evt", "number": "versions"}.get(name, document.word_of(case.operation))
        if name == "name" and case.operation.method.upper() != "DELETE":
            return str(case.path_parameters[name])
        if not self._usually():
            return self.things.unknown(about)
        return self.things.taken(about) if document.is_deletion(case.operation) else self.things.at(about)

    def _usually(self) -> bool:
        return self._chance.randrange(SELDOM) > 0


def _is_sound(case: Case, part: ParameterLocation) -> bool:
    return case.meta is None or not case.meta.is_negative_at(part)


def askers(stack: Mapping[str, Any], number: int) -> Sequence[Asker]:
    """The callers for the first agency of a stack that is described as in stack.json."""
    return [Asker(who, stack["api"], stack["tokens"][who], stack["agency"], stack["brand"], number) for who in WHO]


def look(asker: Asker, operations: Sequence[Operation]) -> None:
    """Learns what there is, from all lists."""
    for operation in operations:
        if operation.method.upper() == "GET" and "{" not in operation.path and asker.may(operation):
            asker.get(operation.path)
    for _ in range(5):
        asker.get(f"/conversations/{asker.things.at('conversations')}/messages")


def play(
    owner: Asker,
    client: Asker,
    most: int,
    *,
    receiver: str,
    number: int,
    edges: bool,
    part: int = 1,
    progress: Callable[[str], object] = str,
) -> None:
    """Sends about `most` requests, mostly allowed ones of the owner. With `edges`, also all edges and all methods.

    Only one of `part` operations in a row is called. `progress` is called with each operation afterwards.
    """
    operations = document.operations()[number % part :: part]
    scene.begin(owner, receiver)
    for somebody in (owner, client):
        look(somebody, operations)
    others = probes.methods(owner.send, operations, every=edges)
    for asked, answer, faults in (*probes.unsigned(owner.send, operations, every=edges), *others):
        owner.note(asked, answer.status_code, faults, edge=edges)
    weights = {document.id_of(operation): document.weight(operation) for operation in operations}
    each = (most - owner.asked) / sum(
        weights[document.id_of(operation)] * (1 + NEGATIVE + THEIRS * client.may(operation)) for operation in operations
    )
    for operation in operations:
        many = max(2, round(each * weights[document.id_of(operation)]))
        theirs = max(1, round(many * THEIRS)) if client.may(operation) else 1
        for asker in (owner, client):
            asker.refresh(operation)
        allowed = document.cases(operation, GenerationMode.POSITIVE, many + theirs, number)
        forbidden = document.cases(operation, GenerationMode.NEGATIVE, max(1, round(many * NEGATIVE)), number)
        for case in (*allowed[theirs:], *forbidden):
            owner.ask(case)
        for case in allowed[:theirs]:
            client.ask(case)
        for case in document.edges(operation) if edges else ():
            owner.ask(case, edge=True)
        progress(document.id_of(operation))


def fine(askers: Iterable[Asker]) -> float:
    """The share of successful answers, among all except those at edges."""
    answers = sum((asker.told.statuses for asker in askers), Counter[int]())
    return sum(count for status, count in answers.items() if status < 300) / max(1, answers.total())


def _sorted(statuses: Counter[int]) -> dict[int, int]:
    return dict(sorted(statuses.items()))


def summary(asker: Asker) -> str:
    """The results in words."""
    outcome = asker.told
    lines = [
        f"{asker.who}: {outcome.statuses.total()} answers, {fine([asker]):.0%} of them 2xx; {_sorted(outcome.statuses)}"
    ]
    lines += [f"{asker.who}: {outcome.edges.total()} at edges; {_sorted(outcome.edges)}"] if outcome.edges else []
    lines += [f"\n{kind}: {asked}: {what}\n{again}" for (kind, asked, what), again in sorted(outcome.findings.items())]
    return "\n".join(lines)
