import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe
import urllib3

from chalicelib.networks.double import Request
from local.double import Server
from local.environment import ROOT
from local.stripe.accounts import SETTINGS
from local.stripe.cards import TEST_CARDS
from local.stripe.control import VERBS
from local.stripe.deliveries import MODES
from local.stripe.pages import BUTTONS, DELAYED
from local.stripe.server import Stripe
from tests.support.stripe_side import START, Account, on


def behave(account: Account, **behaviour: Any) -> None:
    wanted = {"network": "stripe", "token": account.key, **behaviour}
    assert urllib3.request("POST", f"{account.url}/behaviours", json=wanted).status == 201


def raw(account: Account, method: str, path: str, **more: Any) -> urllib3.BaseHTTPResponse:
    headers = {"Authorization": f"Bearer {account.key}", **more.pop("headers", {})}
    return urllib3.request(method, f"{account.url}/stripe/api.stripe.com{path}", headers=headers, **more)


def test_repeated_key_gives_the_first_answer_again(account: Account) -> None:
    first, again = (account.v1.customers.create({"name": "A"}, {"idempotency_key": "k"}) for _ in range(2))
    assert first.id == again.id
    assert again.last_response and again.last_response.headers["Idempotent-Replayed"] == "true"


def test_repeated_key_with_other_parameters_is_refused(account: Account) -> None:
    account.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        account.v1.customers.create({"name": "B"}, {"idempotency_key": "k"})


def test_refusal_is_kept_for_its_key_too(account: Account) -> None:
    wrong: Any = {"nme": "A"}
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
            account.v1.customers.create(wrong, {"idempotency_key": "k"})


def test_twenty_at_once_with_one_key_make_one_customer(account: Account) -> None:
    def make(_: int) -> int:
        return raw(account, "POST", "/v1/customers", body=b"name=A", headers={"Idempotency-Key": "k"}).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(make, range(20))) <= {200, 409}
    assert len(account.v1.customers.list().data) == 1


def test_key_in_use_is_a_409() -> None:
    double, account = Stripe(now=lambda: float(START)), "sk_test_x"
    headers = {"authorization": f"Bearer {account}", "idempotency-key": "k"}
    asked = Request("stripe", "POST", "api.stripe.com", "/v1/customers", {}, headers, {})
    with double._alone(double._of_key(account).account, "k"):
        assert double.answer(asked).status == 409
    assert double.answer(asked).status == 200


def test_key_is_forgotten_after_a_day(account: Account) -> None:
    first = account.v1.customers.create({"name": "A"}, {"idempotency_key": "k"})
    account.control("advance", seconds=24 * 3600)
    assert account.v1.customers.create({"name": "A"}, {"idempotency_key": "k"}).id != first.id


@pytest.mark.parametrize(
    ("params", "param"),
    [({"nme": "A"}, "nme"), ({"address": {"town": "X"}}, "address.town"), ({"invoice_settings": {"x": 1}}, "x")],
)
def test_unknown_parameter_is_refused_by_name(account: Account, params: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        account.v1.customers.create(params)
    assert refused.value.code == "parameter_unknown" and param in str(refused.value.param)


def test_unknown_id_is_404(account: Account) -> None:
    for look in (account.v1.customers.retrieve, account.v1.subscriptions.retrieve, account.v1.invoices.retrieve):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            look("xx_unknown")
        assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_other_keys_account_is_another_world(stripe_server: Server, account: Account) -> None:
    customer = account.customer()
    with pytest.raises(stripe.InvalidRequestError):
        on(stripe_server).v1.customers.retrieve(customer)


def test_key_of_live_mode_or_none_is_401(account: Account) -> None:
    for key in ("sk_live_1", "nonsense"):
        with pytest.raises(stripe.AuthenticationError):
            Account(account.url, key).v1.customers.list()


def test_lists_are_paged(account: Account) -> None:
    made = [account.v1.customers.create({"name": str(number)}).id for number in range(5)]
    listed = account.v1.customers.list({"limit": 2})
    assert [customer.id for customer in listed.auto_paging_iter()] == made[::-1]
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.customers.list({"limit": 101})


def test_empty_text_clears(account: Account) -> None:
    customer = account.v1.customers.create({"name": "A", "metadata": {"a": "1", "b": "2"}})
    after = account.v1.customers.update(customer.id, {"name": "", "metadata": {"a": ""}})
    assert (after.name, after.metadata and after.metadata.to_dict()) == (None, {"b": "2"})


def test_expanded_four_levels_and_no_more(account: Account) -> None:
    subscription = account.subscribe(account.customer())
    expand = ["latest_invoice.payments.data.payment", "customer.invoice_settings.default_payment_method"]
    details = account.v1.subscriptions.retrieve(subscription.id, {"expand": expand})
    assert isinstance(details.latest_invoice, stripe.Invoice) and details.latest_invoice.payments
    assert isinstance(details.customer, stripe.Customer)
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.subscriptions.retrieve(subscription.id, {"expand": ["a.b.c.d.e"]})


@pytest.mark.parametrize(
    ("failure", "raised"),
    [("throttled", stripe.RateLimitError), ("expired", stripe.AuthenticationError),
     ("forbidden", stripe.PermissionError), ("broken", stripe.APIError), ("html", stripe.APIError)],
)  # fmt: skip
def test_failure_is_raised_as_its_class(stripe_server: Server, failure: str, raised: type[Exception]) -> None:
    account = Account(stripe_server.url)
    behave(account, do=failure, path=f"/v1/tax_codes/{failure}")
    with pytest.raises(raised):
        account.v1.tax_codes.retrieve(failure)


def test_lost_answer_is_asked_for_again_with_the_same_key(stripe_server: Server) -> None:
    account = Account(stripe_server.url, retries=2)
    behave(account, do="unavailable", containing="lost-answer", times=1)
    behave(account, do="timeout", containing="lost-answer", times=1)
    customer = account.v1.customers.create({"name": "lost-answer"})
    calls = account.calls()
    assert [call["status"] for call in calls] == [503, 200, 200]
    assert len({call["headers"]["idempotency-key"] for call in calls}) == 1
    assert [row.id for row in account.v1.customers.list().data] == [customer.id]


def test_what_is_written_down_has_no_key_and_no_secret(account: Account) -> None:
    account.control("destinations", url="http://127.0.0.1:9/x")
    account.customer()
    every = urllib3.request("GET", f"{account.url}/requests?network=stripe").data
    assert account.key.encode() not in every and b"whsec_" not in every


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"a[b=1", b"[]=1", b"a=1&a[b]=2", b"a[b][c][d][e][f][g][h][i][j][k][l]=1", b"items[x]=1"]
)
def test_hostile_form_is_a_400(account: Account, body: bytes) -> None:
    answer = raw(account, "POST", "/v1/customers", body=body)
    assert answer.status == 400 and "error" in json.loads(answer.data)


def test_version_is_told_back(account: Account) -> None:
    answer = raw(account, "GET", "/v1/customers", headers={"Stripe-Version": "2026-10-28.endive"})
    assert answer.headers["Stripe-Version"] == "2026-10-28.endive" and answer.headers["Request-Id"]


def test_its_time_is_whoever_made_it_says() -> None:
    double = Stripe(now=lambda: float(START))
    asked = Request("stripe", "POST", "api.stripe.com", "/v1/customers", {}, {"authorization": "Bearer sk_test_x"}, {})
    assert double.answer(asked).json["created"] == START


def test_page_about_the_double_names_every_verb_card_and_button() -> None:
    page = (ROOT / "local" / "stripe" / "README.md").read_text()
    names = [*VERBS, "flush", *TEST_CARDS, *BUTTONS, *DELAYED, *MODES, *SETTINGS, *Stripe.FAILURES]
    assert [name for name in names if name.removeprefix("pm_card_") not in page] == []
