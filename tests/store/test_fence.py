"""The fence below the store: for any two agencies, nothing of the one is within reach of work for the other."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import Response
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api import http
from chalicelib.store import fence, keys, lookups, table
from chalicelib.store.items import Item
from chalicelib.store.models.brands import Brand
from chalicelib.store.models.channels import Route
from chalicelib.store.models.inbox import Conversation, Message
from chalicelib.store.models.people import Membership
from chalicelib.store.models.replies import Reply
from chalicelib.store.models.work import Due
from tests.support.models import MODELS
from tests.support.stack import Stack

Params = Mapping[str, Any]
AGENCIES = st.from_regex(r"agc_[0-9a-z]{1,8}", fullmatch=True)
REST = st.one_of(st.just(""), st.text(max_size=20).map("#{}".format))
LOOKUPS = st.sampled_from(lookups.LOOKUPS)


def two(ours: str, other: str) -> tuple[str, str]:
    """Two agencies, the one's id often the beginning of the other's."""
    return ours, other if other != ours else f"{ours}0"


PAIRS = st.one_of(st.builds(two, AGENCIES, AGENCIES), AGENCIES.map(lambda agency: (agency, f"{agency}x")))


def key(pk: str, sk: str = "any") -> Params:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def asked(expression: str, **values: str) -> Params:
    return {
        "KeyConditionExpression": expression,
        "ExpressionAttributeNames": {"#0": "pk", "#1": "sk", "#10": "inbox"},
        "ExpressionAttributeValues": {f":{name}": {"S": value} for name, value in values.items()},
    }


def moved(text: str, to: str) -> Params:
    """An update that puts something of ours on the inbox `to`."""
    names = {"#2": "inbox", "#3": "version"}
    values = {":1": {"S": to}, ":2": {"N": "1"}}
    return {"UpdateExpression": text, "ExpressionAttributeNames": names, "ExpressionAttributeValues": values}


ON_KEYS: Mapping[str, Callable[[str], tuple[str, Params]]] = {
    "get": lambda pk: ("GetItem", {"Key": key(pk)}),
    "put": lambda pk: ("PutItem", {"Item": key(pk)}),
    "update": lambda pk: ("UpdateItem", {"Key": key(pk), "UpdateExpression": "SET name = :0"}),
    "delete": lambda pk: ("DeleteItem", {"Key": key(pk)}),
    "query": lambda pk: ("Query", asked("(#0 = :p AND #1 BETWEEN :a AND :b)", p=pk, a="agc_0", b="z")),
    "index": lambda pk: ("Query", {"IndexName": "inbox", **asked("#10 = :p", p=pk)}),
    "bare names": lambda pk: ("Query", asked("pk=:p", p=pk)),
    "batch": lambda pk: ("BatchGetItem", {"RequestItems": {"table": {"Keys": [key(pk)]}}}),
    "transact": lambda pk: ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": key(pk)}}]}),
    "condition": lambda pk: ("TransactWriteItems", {"TransactItems": [{"ConditionCheck": {"Key": key(pk)}}]}),
}
INTO_INBOX: Mapping[str, Callable[[str, str], tuple[str, Params]]] = {
    "put": lambda pk, to: ("PutItem", {"Item": {**key(pk), "inbox": {"S": to}}}),
    "set": lambda pk, to: ("UpdateItem", {"Key": key(pk), **moved("SET #3 = :2, #2 = :1", to)}),
    "unless there": lambda pk, to: ("UpdateItem", {"Key": key(pk), **moved("SET #2 = if_not_exists (#2, :1)", to)}),
    "no spaces": lambda pk, to: ("UpdateItem", {"Key": key(pk), **moved("SET #2=:1", to)}),
}


@pytest.mark.parametrize("shape", ON_KEYS)
@given(PAIRS, REST)
def test_own_keys_are_open_and_others_are_not(shape: str, agencies: tuple[str, str], rest: str) -> None:
    ours, theirs = agencies
    fence.check(*ON_KEYS[shape](ours + rest), ours)
    for stranger in (theirs, None):
        with pytest.raises(fence.Trespass):
            fence.check(*ON_KEYS[shape](ours + rest), stranger)


@pytest.mark.parametrize("shape", INTO_INBOX)
@given(PAIRS, REST)
def test_nothing_is_put_on_anothers_list(shape: str, agencies: tuple[str, str], rest: str) -> None:
    ours, theirs = agencies
    fence.check(*INTO_INBOX[shape](ours, ours + rest), ours)
    with pytest.raises(fence.Trespass):
        fence.check(*INTO_INBOX[shape](ours, theirs + rest), ours)


@given(PAIRS)
def test_one_foreign_key_spoils_a_batch_or_a_transaction(agencies: tuple[str, str]) -> None:
    ours, theirs = agencies
    mixed = [key(ours), key(theirs)]
    for operation, params in (
        ("BatchGetItem", {"RequestItems": {"table": {"Keys": mixed}}}),
        ("TransactWriteItems", {"TransactItems": [{"Delete": {"Key": place}} for place in mixed]}),
    ):
        with pytest.raises(fence.Trespass):
            fence.check(operation, params, ours)


@pytest.mark.parametrize("operation", ["Scan", "ExecuteStatement", "BatchWriteItem", "TransactGetItems", "New"])
def test_operation_nobody_vouched_for_is_refused(operation: str) -> None:
    for agency in ("agc_1", None):
        with pytest.raises(fence.Trespass):
            fence.check(operation, {}, agency)


def write(does: str, lookup: str, about: str, condition: str = "attribute_not_exists (#0)") -> tuple[str, Params]:
    """A write in a look-up about an agency, under a condition."""
    sk = about if lookup == lookups.USER else "any"
    guarded = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#0": "pk", "#1": "agency", "#2": "channel"},
        "ExpressionAttributeValues": {":0": {"S": about}},
    }
    if does == "Put":
        return "PutItem", {"Item": {**key(f"{lookup}x", sk), "agency": {"S": about}}, **guarded}
    return f"{does}Item", {"Key": key(f"{lookup}x", sk), "UpdateExpression": "SET #2 = :0", **guarded}


@pytest.mark.parametrize("does", ["Put", "Update", "Delete"])
@given(PAIRS, LOOKUPS, st.sampled_from(["#1 = :0", "(attribute_not_exists (#0) OR #1 = :0)", "(#2 = :0 AND #1 = :0)"]))
def test_look_ups_are_written_about_oneself_only(
    does: str, agencies: tuple[str, str], lookup: str, condition: str
) -> None:
    ours, theirs = agencies
    fence.check(*write(does, lookup, ours, condition), ours)
    for stranger in (theirs, None):
        if (
            condition != "(attribute_not_exists (#0) OR #1 = :0)"
            or does == "Put"
            or lookup == lookups.USER
            or not stranger
        ):
            with pytest.raises(fence.Trespass):
                fence.check(*write(does, lookup, ours, condition), stranger)


@pytest.mark.parametrize("does", ["Put", "Update", "Delete"])
@pytest.mark.parametrize("condition", ["", "#2 = :0", "NOT #1 = :0", "#1 <> :0", "(#1 = :0 OR #2 = :0)", "#1.x = :0"])
def test_condition_that_proves_nothing_opens_no_look_up(does: str, condition: str) -> None:
    operation, params = write(does, "route#", "agc_1", condition)
    with pytest.raises(fence.Trespass):
        fence.check(operation, params, "agc_1")
    with pytest.raises(fence.Trespass):
        fence.check(operation, {name: part for name, part in params.items() if "Cond" not in name}, "agc_1")


@given(LOOKUPS, st.text(max_size=20))
def test_look_ups_are_read_before_anybody_knows_whose_work_it_is(lookup: str, rest: str) -> None:
    for shape in ("get", "batch", "query"):
        fence.check(*ON_KEYS[shape](lookup + rest), None)


@given(LOOKUPS, st.text(max_size=20))
def test_work_for_an_agency_lists_no_look_up_but_the_pulses(lookup: str, rest: str) -> None:
    if lookup == lookups.PULSES:
        fence.check(*ON_KEYS["query"](lookup + rest), "agc_1")
        return
    with pytest.raises(fence.Trespass):
        fence.check(*ON_KEYS["query"](lookup + rest), "agc_1")


def test_work_for_one_agency_never_becomes_work_for_another() -> None:
    with fence.within("agc_1"), fence.within("agc_1"), pytest.raises(fence.Trespass), fence.within("agc_2"):
        pass
    for none in ("", "agc_", "agc_1#audit", "user#1"):
        with pytest.raises(fence.Trespass), fence.within(none):
            pass


def through_the_store(agency: str) -> Iterator[Callable[[], Any]]:
    """Everything the store can be asked to do, each for something of that agency."""
    place = (agency, "brand#brd_0")
    brand = Brand(*place, id="brd_0", name="None", created_at=0)
    yield lambda: table.get(Brand, *place)
    yield lambda: table.many(Brand, [place])
    yield lambda: list(table.query(Brand, agency, "brand#"))
    yield lambda: list(Conversation.index.query(f"{agency}#brd_0#open"))
    yield lambda: list(Reply.index.query(f"{agency}#brd_0#reply.draft"))
    yield lambda: table.put(brand)
    yield lambda: table.update(brand, [Brand.name.set("Ours")])
    yield lambda: table.delete(brand)
    for write in (table.putting(brand), table.changing(brand, [Brand.name.set("Ours")]), table.deleting(brand)):
        yield partial(table.transact, write)
    yield lambda: list(Message.scan(limit=1))
    yield lambda: Route("hook#chn_0", "hook", agency=agency, channel="", brand="", network="").save()
    yield lambda: Membership("user#0", agency).delete()
    yield lambda: Due("due#0", "0").delete()


def test_nothing_the_store_can_do_gets_past_it(stack: Stack) -> None:
    sent: list[str] = []
    table.connection().client.meta.events.register("before-send.dynamodb", lambda **call: sent.append(call))
    attempts = [*through_the_store(stack.theirs.id)]
    with fence.within(stack.ours.id):
        for attempt in attempts:
            with pytest.raises(fence.Trespass):
                attempt()
        assert sent == []
        assert table.get(Brand, stack.ours.id, keys.noun(stack.ours.brand))
    assert len(sent) == 1


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_reads_and_writes_through_the_one_fenced_connection(model: type[Item]) -> None:
    assert next(base for base in model.__mro__ if "_get_connection" in vars(base)) is Item


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_model_has_a_way_round_it(stack: Stack, model: type[Item]) -> None:
    with fence.within(stack.ours.id), pytest.raises(fence.Trespass):
        table.get(model, stack.theirs.id, "any")


def test_trespass_is_answered_like_any_fault_and_written_down(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    request = SimpleNamespace(context={"requestId": "r", "resourcePath": "/v1/x"}, headers={}, method="GET")

    def reach() -> Response:
        table.get(Brand, stack.theirs.id, keys.noun(stack.theirs.brand))
        return Response("")

    with fence.within(stack.ours.id):
        answer = http.answer_or_problem(request, reach)
    problem = json.loads(answer.body)
    assert (answer.status_code, problem["code"], problem["title"]) == (503, "internal", "Try again in a moment")
    assert set(problem) == {"type", "title", "status", "code", "request_id"}
    [record] = [record for record in caplog.records if record.message == "trespass"]
    assert (vars(record)["operation"], vars(record)["family"]) == ("GetItem", "agency")
    assert stack.theirs.id not in caplog.text + answer.body
