"""What the network says of templates, beside what is kept of them."""

from contextvars import Context
from typing import Any

import pytest

from chalicelib import clock, ids
from chalicelib.access import actors
from chalicelib.channels.channels import Owner
from chalicelib.networks.base import TemplateNews
from chalicelib.networks.templates import Template as Given
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Template
from chalicelib.templates import news, templates

NOW, HOUR = 1_790_000_000_000, clock.HOUR
CHANNEL = Channel("agc_1", "channel#chn_1", id="chn_1", brand="brd_1", network="whatsapp", account="1", name="One",
                  sealed="", created_at=NOW)  # fmt: skip


def kept(**more: Any) -> Template:
    given = Given(name="order", language="es", category="UTILITY", components=[], id="7", state="approved")
    made = templates.new(CHANNEL, given, NOW - clock.HOUR)
    return Template(**{**made.attribute_values, **more})


def test_id_leads_to_the_channel() -> None:
    id = ids.of_channel("chn_01m8hk089hnk8vtkbjz6rrq094", "tpl", "order", "es")
    assert ids.channel_of(id) == "chn_01m8hk089hnk8vtkbjz6rrq094"


GONE = {"state": "deleted"}


@pytest.mark.parametrize(
    ("mine", "changes"),
    [
        (kept(), GONE),
        (kept(updated_at=NOW - 1), {}),  # it may not be in the list yet
        (kept(state="draft", network_id=""), {}),
        (kept(state="draft"), {"network_id": ""}),
    ],
)
def test_what_the_network_does_not_list_is_gone_unless_it_is_new(mine: Template, changes: dict[str, Any]) -> None:
    differences = [change for _, change in news.differences({mine.id: mine}, {}, NOW)]
    assert differences == ([changes] if changes else [])


def test_draft_over_which_somebody_died_is_taken_over_and_a_rewritten_one_is_not() -> None:
    theirs, draft = kept(state="pending"), kept(state="draft", network_id="")
    [(_, changes)] = news.differences({draft.id: draft}, {draft.id: theirs}, NOW)
    assert (changes["state"], changes["network_id"]) == ("pending", "7")
    rewritten = kept(state="draft", components=[{"type": "BODY"}])
    assert list(news.differences({draft.id: rewritten}, {draft.id: kept(state="rejected")}, NOW)) == []


def test_same_list_again_changes_nothing() -> None:
    mine = kept(quality="green", detail="Said once.")
    assert list(news.differences({mine.id: mine}, {mine.id: kept(quality="green")}, NOW)) == []


def test_old_refusal_does_not_touch_what_was_written_since() -> None:
    refusal = TemplateNews(name="order", language="es", state="rejected")
    assert "state" not in news.changes_by(kept(state="draft"), refusal, NOW)
    assert news.changes_by(kept(state="pending"), refusal, NOW)["state"] == "rejected"
    assert news.changes_by(kept(told={"state": [NOW, "rejected"]}), refusal, NOW) == {}
    assert news.changes_by(kept(told={"state": [NOW + 1, "approved"]}), refusal, NOW) == {}


def test_template_that_nobody_knows_is_asked_for_once_a_minute(owner: Owner) -> None:
    approval, now = TemplateNews(name="order", language="es", state="approved"), clock.now() + HOUR
    for _ in range(2):
        news.take(owner.agency, owner.channel, approval, now, now)
    asked = Context().run(lambda: [task for task in due.now_due(now + HOUR) if task.target == owner.channel])
    assert [task.kind for task in asked] == [news.READ]
    due.take_out(owner.agency, asked)


def test_two_who_find_the_same_templates_write_them_once(owner: Owner) -> None:
    place = Channel(owner.agency, "", id=owner.channel, brand=owner.brand)
    given = Given(name="order", language="es", category="UTILITY", components=[], id="7", state="approved")
    for _ in range(2):
        news.keep(actors.system(owner.agency), place, [templates.new(place, given, NOW)], NOW)
    stored = table.query(Template, f"{owner.agency}#{owner.channel}", "", consistent=True)
    assert [(template.name, template.version) for template in stored] == [("order", 1)]
