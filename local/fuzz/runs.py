"""A run: an owner and a client ask all operations, and the ids that they learn are in what they ask next."""

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
from local.fuzz import document, findings, probes
from local.fuzz.document import Case, Operation
from local.fuzz.things import Things

WHO = ("owner", "client")
SELDOM = 16  # one of so many requests names what there is not, or another version, or repeats a key


@dataclass
class Told:
    """What came of what one of them asked. Each finding is its class, the operation and what is wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # what the document allows: operation and code
    findings: dict[tuple[str, str, str], str] = field(default_factory=dict)  # and how to ask it again

    @property
    def fine(self) -> float:
        """The share of answers that say that it was done."""
        return sum(count for status, count in self.statuses.items() if status < 300) / max(1, self.statuses.total())


class Asker:
    """Somebody who is signed in for one agency, at the API of that address."""

    def __init__(self, who: str, api: str, token: str, agency: str, brand: str, number: int) -> None:
        self.who, self.api, self.agency, self.told = who, api, agency, Told()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.session = requests.Session()
        self._chance, self._number = Random(f"{who} {number}"), number  # noqa: S311 - no secret
        self.things = Things(self._chance)
        self.things.add("brd", brand)

    def may(self, operation: Operation) -> bool:
        needed = operation.definition.raw.get("x-permissions", ())
        return not needed or bool(permissions.TEMPLATES[self.who] & set(needed))

    def get(self, path: str) -> Any:
        """What is there, if it is JSON that may be seen; its ids are learnt."""
        headers = {**self.headers, "Palabre-Agency": self.agency}
        answer = self.session.get(f"{self.api}{path}", headers=headers, timeout=60)
        if answer.status_code != 200 or answer.headers["content-type"] != "application/json":
            return {}
        told = answer.json()
        self.things.learn(path.rsplit("/", maxsplit=1)[-1], told)
        return told

    def ask(self, case: Case) -> None:
        is_allowed = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
        self._put_in_place(case)
        response = case.call(base_url=self.api, session=self.session, headers=self.headers, timeout=60)
        id, found = document.id_of(case.operation), findings.of(case, response, is_allowed=is_allowed)
        self.note(id, response.status_code, found, lambda: self._again(case, response))
        if is_allowed and response.status_code >= 400:
            code = f"{response.status_code} {findings.code_of(response)}"
            self.told.refused[id, code] += 1
        if response.status_code < 300 and response.content[:1] == b"{":
            self.things.learn(document.word_of(case.operation), json.loads(response.content))

    def send(self, method: str, path: str, headers: Mapping[str, str]) -> requests.Response:
        return self.session.request(method, f"{self.api}{path}", headers={**self.headers, **headers}, timeout=60)

    def note(self, asked: str, status: int, found: Iterable[tuple[str, str]], again: Callable[[], str] = str) -> None:
        """Counts an answer, and keeps what it shows to be wrong."""
        self.told.statuses[status] += 1
        for kind, what in found:
            if (kind, asked, what) not in self.told.findings:
                self.told.findings[kind, f"{self.who} {asked}", what] = again()

    def _again(self, case: Case, response: Response) -> str:
        """How to ask it again, and what is answered."""
        return f"{case.as_curl_command(headers=self.headers)}\n{response.content.decode(errors='replace')[:1000]}"

    def _put_in_place(self, case: Case) -> None:
        """Ids of what there is, where that part of the request is one that could be done."""
        word = document.word_of(case.operation)
        for name in case.path_parameters if _is_sound(case, ParameterLocation.PATH) and self._usually() else ():
            about = {"event": "evt", "number": "versions"}.get(name, word)
            if name != "name" or case.operation.method.upper() == "DELETE":
                taken = self.things.taken if document.takes_away(case.operation) else self.things.at
                case.path_parameters[name] = taken(about)
        if _is_sound(case, ParameterLocation.BODY) and isinstance(case.body, dict):
            case.body = self.things.put(case.body)
        if _is_sound(case, ParameterLocation.QUERY):
            case.query.update(self.things.put(dict(case.query)))
            case.query.pop("cursor", None)  # which only an answer tells
        if _is_sound(case, ParameterLocation.HEADER):
            case.headers["Palabre-Agency"] = self.agency
            if self._usually():
                case.headers.pop("If-Match", None)
                case.headers.pop("If-None-Match", None)
                if "Idempotency-Key" in case.headers:
                    case.headers["Idempotency-Key"] = f"{self._number}-{self.told.statuses.total()}"

    def _usually(self) -> bool:
        return self._chance.randrange(SELDOM) > 0


def _is_sound(case: Case, part: ParameterLocation) -> bool:
    return case.meta is None or not case.meta.is_negative_at(part)


def askers(stack: Mapping[str, Any], number: int) -> Sequence[Asker]:
    """Of the first agency of a stack that is described as in stack.json."""
    return [Asker(who, stack["api"], stack["tokens"][who], stack["agency"], stack["brand"], number) for who in WHO]


def look(asker: Asker, operations: Sequence[Operation]) -> None:
    """Learns what there is, from all lists."""
    for one in operations:
        if one.method.upper() == "GET" and "{" not in one.path and asker.may(one):
            asker.get(one.path)
    for _ in range(5):
        asker.get(f"/conversations/{asker.things.at('conversations')}/messages")


def play(owner: Asker, client: Asker, most: int, *, number: int, edges: bool) -> None:
    """About so many requests, mostly allowed ones of the owner. With `edges`, all edges and all methods besides."""
    operations = document.operations()
    for one in (owner, client):
        look(one, operations)
    forbidden = probes.methods(owner.send, operations, every=edges)
    for asked, answer, found in (*probes.unsigned(owner.send, operations), *forbidden):
        owner.note(asked, answer.status_code, found)
    each = max(1, round((most - owner.told.statuses.total()) / sum(1.2 + client.may(one) / 2 for one in operations)))
    for operation in operations:
        theirs = max(1, each // 2) if client.may(operation) else 1
        allowed = document.cases(operation, GenerationMode.POSITIVE, each + theirs, number)
        for case in (*allowed[theirs:], *document.cases(operation, GenerationMode.NEGATIVE, each // 5 or 1, number)):
            owner.ask(case)
        for case in allowed[:theirs]:
            client.ask(case)
        for case in document.edges(operation) if edges else ():
            owner.ask(case)


def tell(asker: Asker) -> str:
    """What came of it, in words."""
    told = asker.told
    statuses = dict(sorted(told.statuses.items()))
    lines = [f"{asker.who}: {told.statuses.total()} answers, {told.fine:.0%} of them 2xx; {statuses}"]
    lines += [f"\n{kind}: {asked}: {what}\n{again}" for (kind, asked, what), again in sorted(told.findings.items())]
    return "\n".join(lines)
