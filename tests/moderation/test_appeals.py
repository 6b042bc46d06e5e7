"""An author objects once, and somebody else decides; they are told in their language what was done."""

from typing import Any

import pytest

from chalicelib.editorial.lines import Clause, Line
from chalicelib.moderation import presentation, statements
from chalicelib.store.models.moderation import Decision
from tests.moderation.test_cases import publish
from tests.support.people import Fan
from tests.support.stack import Agency, Member, Stack, number

VILE = "That is something vile and you should be ashamed of it"
TEXT = {"text": "It was a quotation."}
FOUND = [{"category": "insult", "severity": 2, "spans": [{"text": "stupid cow"}, {"text": "cow"}]}]


def hidden(stack: Stack, brand: Agency) -> Any:
    """A decision of the owner, who hid a message, and its contact."""
    publish(brand)
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(VILE))
    brand.owner.post(f"/messages/{message['id']}/hide", {"clause": "respect.hate"})
    return brand.owner.get(f"/messages/{message['id']}/decisions")["items"][0], message


def test_overturned_decision_is_taken_back_by_somebody_else(stack: Stack) -> None:
    """MO-27"""
    brand = stack.brand()
    decision, message = hidden(stack, brand)
    path = f"/decisions/{decision['id']}"
    assert brand.owner.call("POST", f"{path}/appeals", {**TEXT, "said_in": "msg_1"}).problem == (422, "invalid")
    filed = brand.owner.post(f"{path}/appeals", {**TEXT, "said_in": message["id"]})
    assert brand.owner.call("POST", f"{path}/appeals", TEXT).problem == (409, "appealed")
    appeal = filed["appeal"]
    assert (appeal["state"], appeal["text"], appeal["said_in"]) == ("open", TEXT["text"], message["id"])
    [case] = brand.owner.get("/cases", brand=brand.brand)["items"]
    assert (case["why"], case["decision"]) == (["appeal"], decision["id"])
    assert brand.owner.call("POST", f"/cases/{case['id']}/decide", {"act": "nothing"}).problem == (409, "is_appeal")
    revealed = [brand.owner.post(f"/cases/{case['id']}/reveal", {}) for _ in range(2)]
    assert {answer["text"] for answer in revealed} == {VILE}
    assert revealed[1]["revealed_today"] == revealed[0]["revealed_today"] + 1
    decide, overturn = f"/appeals/{appeal['id']}/decide", {"outcome": "overturn", "reason": "It was one."}
    assert brand.owner.call("POST", decide, overturn).problem == (403, "own_decision")
    manager = stack.someone(stack.ours, "community_manager", [brand.brand])
    done = manager.post(decide, overturn)
    assert (done["state"], done["appeal"]["state"], done["appeal"]["reason"]) == ("undone", "overturned", "It was one.")
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]
    assert brand.owner.get(f"/contacts/{message['author']['contact']}/standing")["points"] == 0
    assert manager.call("POST", decide, overturn).problem == (409, "decided")
    assert brand.owner.get(f"{path}/statement")["act"] == "The decision was taken back."
    statement = brand.owner.get(f"{path}/statement", language="fr")
    assert (statement["act"], statement["automated"], statement["clause"]["id"]) == (
        "La décision a été annulée.",
        False,
        "respect.hate",
    )
    assert brand.owner.get("/cases", brand=brand.brand)["items"] == []


def test_what_was_taken_back_needs_no_appeal_and_keys_file_one_as_people_do(stack: Stack) -> None:
    """MO-27"""
    brand, its = stack.brand(), stack.brand()
    decision, _ = hidden(stack, brand)
    path = f"/decisions/{decision['id']}"
    long = brand.owner.call("POST", f"{path}/appeals", {"text": "x" * 60_000})
    assert (long.problem, long.json["field"]) == ((422, "invalid"), "text")
    grants = [{"role": "community_manager", "brands": [its.brand]}]
    key = Member(stack.api, brand.owner.post("/api-keys", {"name": f"K{number()}", "grants": grants})["key"])
    other, _ = hidden(stack, its)
    filed = key.post(f"/decisions/{other['id']}/appeals", TEXT)["appeal"]
    assert (filed["state"], filed["filed_by"][:4]) == ("open", "key_")
    overturn = {"outcome": "overturn", "reason": "So it was."}
    assert key.call("POST", f"/appeals/{filed['id']}/decide", overturn).problem == (403, "people_only")
    brand.owner.post(f"{path}/undo", {"reason": "A mistake."})
    assert brand.owner.call("POST", f"{path}/appeals", TEXT).problem == (409, "nothing_to_appeal")


def decision(do: str = "hide", by: str = "rules", **more: Any) -> Decision:
    act = {"do": do, "value": None, "clause": "respect.insults", "rule": None, "state": "done", "code": None}
    return Decision(
        "agc_1#cnv_1", "decision#dec_1", id="dec_1", brand="brd_1", conversation="cnv_1", message="msg_1", acts=[act],
        state="done", by=by, at=0, updated_at=0, **more,
    )  # fmt: skip


@pytest.mark.parametrize("language", statements.LANGUAGES)
def test_statement_names_act_facts_automation_clause_and_redress(language: str) -> None:
    line = Line(language, clauses=(Clause("respect.insults", "No insults", "Stay polite."),))
    statement = statements.statement_in(decision(findings=FOUND), line, language)
    assert statement["found"] == ["stupid cow", "cow"]
    assert "“stupid cow”, “cow”" in statement["facts"]
    assert statement["clause"] == {"id": "respect.insults", "title": "No insults", "text": "Stay polite."}
    texts = {statement[name] for name in ("act", "facts", "decided", "redress")}
    others = statements.statement_in(decision("delete", "mbr_1"), line, language)
    assert len({*texts, others["act"], others["facts"], others["decided"]}) == 7
    assert (statement["automated"], others["automated"]) == (True, False)


@pytest.mark.parametrize(
    ("text", "line", "language"),
    [
        ("Vous êtes des crétins et je ne reviendrai plus jamais chez vous", "en", "fr"),
        ("Ihr seid alle Vollidioten und das ist eine Schande", "fr", "de"),
        ("Wankers", "pt", "pt"),
        ("", "es", "es"),
        ("", "nl", "en"),
    ],
    ids=["french", "german", "of no language for sure", "that is gone", "of a line in another language"],
)
def test_statement_is_in_the_language_of_the_author_else_in_that_of_the_line(
    text: str, line: str, language: str
) -> None:
    assert statements.language_for(text, Line(line)) == language


def test_text_of_a_private_clause_is_not_told() -> None:
    line = Line("en", clauses=(Clause("respect.insults", "No insults", "Secret.", public=False),))
    assert statements.statement_in(decision(), line, "en")["clause"]["text"] == ""


def test_masked_words_show_their_first_letters() -> None:
    assert presentation.masked(FOUND) == "s***** c**"
    assert presentation.masked([]) == ""
