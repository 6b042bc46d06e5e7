"""Every code that a caller may meet has a page, and every page a code; what networks answer is explained as well."""

import ast
import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import get_args

import pytest

from chalicelib import errors, networks
from chalicelib.api import openapi, titles
from chalicelib.networks._meta import outcomes
from chalicelib.networks.incoming import Verb
from chalicelib.networks.playground.outbound import CONDITIONS
from chalicelib.networks.telegram.tests_outcomes import OUTCOMES
from chalicelib.reference.pages import POLICY
from chalicelib.transport import outbox
from local import sources
from local.environment import ROOT
from local.reference import problem_pages, problems, raised, words
from tests.support.stack import Member, Stack, ask

PAGES = {page.code: page for page in problems.pages()}
TOLD = problems.refusals()
KINDS = {
    **outbox.FINAL,
    "Throttled": "throttled",
    "Unreachable": "unreachable",
    "Unknown": "unknown",
}
Pair = tuple[str, str]


def codes_of(network: str) -> dict[str, list[str]]:
    """The classes of each code that the catalogue has for a network."""
    groups = [group for group in TOLD["codes"] if {network, "any"} & set(group["networks"])]
    return {code: entry["class"] for group in groups for code, entry in group["codes"].items()}


def of_meta(*tables: outcomes.Codes) -> set[Pair]:
    pairs = [(pair, kind) for table in tables for pair, kind in table.items()]
    return {("/".join(str(part) for part in pair if part), KINDS[kind.__name__]) for pair, kind in pairs}


def of_our_own(network: str) -> Iterator[Pair]:
    """What the sources of a network, and what they have in common, say of themselves."""
    folders = [ROOT / "chalicelib" / "networks" / name for name in (network, "_meta", "")]
    files = (
        path for folder in folders for path in folder.glob("*.py") if not path.name.startswith(("tests", "double"))
    )
    for call in (node for path in files for node in sources.nodes(path) if isinstance(node, ast.Call)):
        kind = ast.unparse(call.func).removeprefix("base.")
        given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        if kind in KINDS and given and isinstance(given[0], ast.Constant):
            yield str(given[0].value), KINDS[kind]


def of_tests(network: str) -> set[Pair]:
    """What each failure of its double becomes, as the network's own tests of calls have it."""
    outcomes = import_module(f"chalicelib.networks.{network}.tests_calls").OUTCOMES
    return {(code, KINDS[kind.__name__]) for kind, code in outcomes.values() if code}


OWN = {
    "telegram": {(code, KINDS[kind.__name__]) for kind, code in OUTCOMES.values() if code},
    "playground": {(name, KINDS[kind.__name__]) for name, kind in CONDITIONS.items()},
    "whatsapp": of_meta(outcomes.CLOUD),
    **dict.fromkeys(
        ("facebook", "instagram", "messenger", "threads"),
        of_meta(outcomes.GRAPH, outcomes.SEND, outcomes.COMMENTS),
    ),
}


def test_every_code_of_the_source_has_a_page_and_every_page_a_code() -> None:
    assert {code: sorted(statuses) for code, statuses in raised.codes().items()} == {
        code: sorted(page.statuses) for code, page in PAGES.items()
    }


def test_every_status_has_a_title_in_each_language() -> None:
    statuses = {status for page in PAGES.values() for status in page.statuses}
    assert {name: statuses - set(texts) for name, texts in titles.TITLES.items() if statuses - set(texts)} == {}


def test_a_code_that_cannot_be_told_from_the_source_is_found() -> None:
    [function] = ast.parse("def f(why):\n    raise errors.Invalid(code=why.word)").body
    [(_, code)] = raised.raised(function)
    with pytest.raises(ValueError, match=r"why\.word"):
        raised.words(code, function, ROOT / "app.py")


def test_each_page_says_whether_waiting_helps_and_what_to_do() -> None:
    assert {page.waiting for page in PAGES.values()} == set(problems.WAITING)
    assert [page.code for page in PAGES.values() if not page.do.endswith(".") or not page.cause.endswith(".")] == []


def test_every_class_of_refusal_says_its_sentence_in_five_languages() -> None:
    final = {*outbox.FINAL.values(), "channel_disconnected", "throttled", "unreachable", "unknown"}
    assert set(TOLD["refusals"]) == final
    assert {tuple(sorted(said["says"])) for said in TOLD["refusals"].values()} == {tuple(sorted(titles.LANGUAGES))}
    assert {said["waiting"] for said in TOLD["refusals"].values()} <= set(problems.WAITING)


@pytest.mark.parametrize("network", sorted(set(networks.names()) - {"example"}))
def test_whatever_a_network_answers_is_in_the_catalogue(network: str) -> None:
    known = codes_of(network)
    answers = (OWN.get(network) or of_tests(network)) | set(of_our_own(network))
    assert answers
    assert [pair for pair in sorted(answers) if pair[1] not in known.get(pair[0], ())] == []
    assert set(get_args(Verb)) <= set(known)


def test_no_code_is_explained_that_no_network_has() -> None:
    named = {network for group in TOLD["codes"] for network in group["networks"]}
    assert named == {*networks.names(), "any"} - {"example"}
    classes = {name for group in TOLD["codes"] for entry in group["codes"].values() for name in entry["class"]}
    assert classes <= set(TOLD["refusals"])


def test_pages_show_what_is_said_and_an_answer_that_could_be() -> None:
    pages = problem_pages.files("page.css")
    assert {f"docs/problems/{code}.html" for code in PAGES} < set(pages)
    assert "A colleague has the conversation&#x27;s lease." in pages["docs/problems/leased.html"].replace("'", "&#x27;")
    assert 'lang="pt"' in pages["docs/problems/networks.html"]


def test_the_introduction_shows_a_refusal_as_it_comes() -> None:
    [text] = re.findall(r"```json\n(.*?)```", words.read().introduction, re.DOTALL)
    shown = json.loads(text)
    refusal = next(kind for kind in errors.Problem.__subclasses__() if kind.status == shown["status"])
    assert (shown["title"], shown["type"].rpartition("/")[2]) == (refusal.title, shown["code"])
    assert set(openapi.PROBLEM["required"]) <= set(shown) <= set(openapi.PROBLEM["properties"])
    assert shown["status"] in PAGES[shown["code"]].statuses


def test_everybody_reads_the_page_that_a_refusal_names(stack: Stack) -> None:
    refused = stack.ours.owner.call("GET", "/brands/brd_none").json
    page = ask("GET", refused["type"])
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<code>{refused['code']}</code>" in page.raw.decode()
    assert page.headers["content-security-policy"] == POLICY
    known = ask("GET", refused["type"], headers={"If-None-Match": page.headers["etag"]})
    assert known.status == 304
    missing = ask("GET", refused["type"].replace("not_found", "no_such_code"))
    assert (missing.status, json.loads(missing.raw)["code"]) == (404, "not_found")


def test_everybody_gets_the_catalogue_as_data(stack: Stack) -> None:
    answer = Member(stack.api, "").call("GET", "/problems")
    assert {problem["code"] for problem in answer.json["problems"]} == set(PAGES)
    assert answer.json["problems"][0]["page"].startswith(stack.api.removesuffix("/v1"))
