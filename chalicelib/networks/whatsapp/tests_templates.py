"""Templates: the calls to WhatsApp, the forms it takes, and its webhooks about them."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.templates import Slot, Template
from chalicelib.networks.whatsapp import NETWORK, double, template_forms, template_news
from chalicelib.networks.whatsapp.templates import TEMPLATES
from chalicelib.networks.whatsapp.tests_connect import TOKEN
from local.double import Server

HEADER = {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["17"]}}
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your order is {{2}}.",
    "example": {"body_text": [["Ana", "ready"]]},
}
NAMED = {
    "type": "BODY",
    "text": "Hello {{name}}!",
    "example": {"body_text_named_params": [{"param_name": "name", "example": "Ana"}]},
}
URL = {"type": "URL", "text": "Track", "url": "https://a.test/{{1}}", "example": ["https://a.test/1"]}
BUTTONS = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}, URL]}
ORDER = Template(name="order", language="es", category="UTILITY", components=[HEADER, BODY, BUTTONS])
bill = partial(base.TemplateNews, id="1", name="bill", language="es")
# What the fixture of the webhook's news of a template gives.
TOLD: list[dict[str, Any]] = [
    {
        "name": "template[1].rejected",
        "health": "alert",
        "detail": "bill, INVALID_FORMAT",
        "template": bill(state="rejected", reason="INVALID_FORMAT"),
    },
    {"name": "template[1].approved", "detail": "bill", "template": bill(state="approved")},
    {"name": "template_quality[1].red", "health": "alert", "detail": "bill", "template": bill(quality="red")},
    {"name": "template_told[1].marketing", "detail": "bill", "template": bill(category="MARKETING")},
    {"name": "template_told[1].rewritten", "detail": "bill", "template": bill(is_rewritten=True)},
]


def us(waba: str) -> base.Credentials:
    return base.Credentials(account="1", token=TOKEN, details={"waba": waba})


def test_what_is_handed_in_is_listed_until_it_is_taken_away(server: Server) -> None:
    taken = TEMPLATES.submit(us("9001"), ORDER)
    assert (taken.state, bool(taken.id), taken.components) == ("pending", True, ORDER.components)
    listed = {template.name: template for template in TEMPLATES.listed(us("9001"))}
    assert set(listed) == {"hello_world", "order"}
    assert (listed["hello_world"].state, listed["order"]) == ("approved", replace(taken, quality=""))
    TEMPLATES.retire(us("9001"), taken)
    TEMPLATES.retire(us("9001"), taken)  # it is gone already
    assert [template.name for template in TEMPLATES.listed(us("9001"))] == ["hello_world"]


def test_long_list_is_read_page_by_page(server: Server) -> None:
    for number in range(120):
        TEMPLATES.submit(us("9002"), replace(ORDER, name=f"order_{number}", components=[NAMED]))
    assert len({template.id for template in TEMPLATES.listed(us("9002"))}) == 121


def test_name_is_taken_once_in_a_language(server: Server) -> None:
    TEMPLATES.submit(us("9003"), ORDER)
    TEMPLATES.submit(us("9003"), replace(ORDER, language="en"))
    with pytest.raises(base.Rejected) as raised:
        TEMPLATES.submit(us("9003"), ORDER)
    assert raised.value.code == "100/2388024"


def test_what_was_rejected_is_handed_in_again_under_its_id(server: Server) -> None:
    taken = TEMPLATES.submit(us("9004"), ORDER)
    double.posted(double.EVENTS["template"](waba="9004", template=taken.id, state="REJECTED"))
    assert {template.state for template in TEMPLATES.listed(us("9004")) if template.id == taken.id} == {"rejected"}
    assert TEMPLATES.submit(us("9004"), replace(taken, components=[BODY])).state == "pending"
    assert {template.state for template in TEMPLATES.listed(us("9004")) if template.id == taken.id} == {"pending"}


FAULTY: dict[str, tuple[dict[str, Any], str]] = {
    "no such category": ({"category": "ADVERTISEMENT"}, "template_category"),
    "no body": ({"components": [HEADER]}, "template_component"),
    "two bodies": ({"components": [BODY, BODY]}, "template_component"),
    "another component": ({"components": [BODY, {"type": "CAROUSEL"}]}, "template_component"),
    "a type that is none": ({"components": [{"type": ["BODY"]}]}, "template_component"),
    "empty body": ({"components": [{"type": "BODY", "text": " "}]}, "template_component"),
    "long body": ({"components": [{"type": "BODY", "text": "x" * 1025}]}, "template_too_long"),
    "gap": ({"components": [{**BODY, "text": "Hello {{1}} and {{3}}."}]}, "template_variables"),
    "number without end": (
        {"components": [{**BODY, "text": f"Hello {{{{{'9' * 1000}}}}}.", "example": {"body_text": [["1"]]}}]},
        "template_variables",
    ),
    "numbers and names": ({"components": [{**BODY, "text": "Hello {{1}} and {{name}}."}]}, "template_variables"),
    "variable in the footer": (
        {"components": [BODY, {"type": "FOOTER", "text": "For {{1}}"}]}, "template_variables",
    ),
    "no example": ({"components": [{"type": "BODY", "text": "Hello {{1}}!"}]}, "template_examples"),
    "too few examples": ({"components": [{**BODY, "example": {"body_text": [["Ana"]]}}]}, "template_examples"),
    "example that is none": ({"components": [{**BODY, "example": {"body_text": 1}}]}, "template_examples"),
    "picture without an example": ({"components": [BODY, {"type": "HEADER", "format": "IMAGE"}]}, "template_examples"),
    "no such header": ({"components": [BODY, {"type": "HEADER", "format": "POEM"}]}, "template_component"),
    "no buttons": ({"components": [BODY, {"type": "BUTTONS", "buttons": []}]}, "template_buttons"),
    "button that leads nowhere": (
        {"components": [BODY, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Go"}]}]}, "template_buttons",
    ),
    "long button": (
        {"components": [BODY, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]}]},
        "template_too_long",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_fault_is_named_before_anybody_is_asked(name: str) -> None:
    changes, code = FAULTY[name]
    assert [fault.code for fault in template_forms.faults(replace(ORDER, **changes))] == [code]


def test_template_without_fault_is_taken(server: Server) -> None:
    footer = {"type": "FOOTER", "text": "Thank you"}
    written: list[list[base.Json]] = [[BODY], [NAMED], [HEADER, BODY, BUTTONS], [BODY, footer]]
    for number, components in enumerate(written):
        wanted = replace(ORDER, name=f"fine_{number}", components=components)
        assert list(template_forms.faults(wanted)) == []
        assert TEMPLATES.submit(us("9005"), wanted).id


def test_variables_are_told_with_their_places() -> None:
    assert template_forms.slots([HEADER, BODY, BUTTONS, {"type": "HEADER", "format": "IMAGE"}]) == [
        Slot(component="header", kind="text", names=("1",)),
        Slot(component="body", kind="text", names=("1", "2")),
        Slot(component="button", kind="url", names=("1",), index=1),
        Slot(component="header", kind="image", names=("1",)),
    ]


def text(*values: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": value} for value in values]


def test_template_reads_as_it_is_filled_in() -> None:
    given: list[base.Json] = [
        {"type": "header", "parameters": text("17")},
        {"type": "body", "parameters": text("Ana", "ready")},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": text("17")},
    ]
    shown = template_forms.filled(ORDER.components, given)
    assert (shown.header, shown.body) == ("Order 17", "Hello Ana, your order is ready.")
    assert (shown.buttons, shown.missing, shown.strange) == (("Stop", "Track"), (), ())
    less = template_forms.filled(ORDER.components, given[1:2])
    assert (less.header, less.missing) == ("Order {{1}}", ("header.1", "button.1.1"))
    assert template_forms.filled([BODY], [{"type": "body", "parameters": text("a", "b", "c")}]).strange == ("body",)
    assert template_forms.filled([{"type": "BODY", "text": "Hi"}], given).strange == ("header", "body")
    by_name = [{"type": "text", "parameter_name": "name", "text": "Ana"}]
    assert template_forms.filled([NAMED], [{"type": "body", "parameters": by_name}]).body == "Hello Ana!"


def test_what_is_not_written_here_is_left_to_whatsapp() -> None:
    shown = template_forms.filled([BODY, {"type": "CAROUSEL", "cards": []}], [])
    assert (shown.missing, shown.strange) == ((), ())


def _news(field: str, **value: Any) -> base.TemplateNews | None:
    named = {"message_template_id": 1, "message_template_name": "order", "message_template_language": "en-US"}
    return template_news.of(field, {**named, **value})


def test_change_of_category_is_told_before_it_comes_and_when_it_came() -> None:
    field = "template_category_update"
    before = _news(field, new_category="UTILITY", correct_category="MARKETING", category_update_timestamp=1746169200)
    after = _news(field, previous_category="UTILITY", new_category="MARKETING")
    known = base.TemplateNews(id="1", name="order", language="en_US")
    assert before == replace(known, category="UTILITY", next_category="MARKETING", category_at=1746169200000)
    assert after == replace(known, category="MARKETING")


def test_template_that_is_another_says_so() -> None:
    news = _news(
        "message_template_components_update", message_template_element="Hello {{1}}, your order is on its way."
    )
    assert news == base.TemplateNews(id="1", name="order", language="en_US", is_rewritten=True)


def test_rejection_says_why_and_what_would_help() -> None:
    info = {"reason": "Variables touch.", "recommendation": "Put words between."}
    news = _news("message_template_status_update", event="REJECTED", reason="INVALID_FORMAT", rejection_info=info)
    assert news and (news.state, news.reason) == ("rejected", "INVALID_FORMAT")
    assert news.detail == "Variables touch. Put words between."


def test_news_of_nothing_are_none() -> None:
    assert _news("message_template_status_update", event="SOMETHING_NEW") is None
    assert _news("message_template_quality_update", new_quality_score="UNKNOWN") is None
    assert _news("template_category_update", message_template_name=None, new_category="UTILITY") is None
    assert _news("template_category_update", message_template_language="?", new_category="UTILITY") is None
    assert NETWORK.templates is TEMPLATES
