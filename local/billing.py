"""Billing on one machine: an account at Stripe's double that sells our plans and posts its events to our hook."""

from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from itertools import chain
from typing import Any

import urllib3

from chalicelib.billing import stripe
from chalicelib.plans import plans
from local import catalogue, destinations
from local.cloud import Platform
from local.stage import LOCAL

KEY = "sk_test_local"


def begin(platform: Platform) -> None:
    """Makes the account sell the plans and post its events to our hook, and gives our functions its key and secret."""
    ours = client(platform.double)
    with redirect_stdout(StringIO()):
        secrets = platform.client("secretsmanager")
        destinations.write(secrets, LOCAL, {"key": KEY})
        listening = destinations.changes(ours.v2, f"{platform.hooks}/stripe", destinations.keeping(secrets, LOCAL))
        catalogue.push(chain(catalogue.changes(ours.v1, plans.PLANS.values()), listening))


def control(double: str, verb: str, **body: Any) -> Mapping[str, Any]:
    """Calls a control verb of Stripe's double for this account."""
    return _posted(f"{double}/stripe/control/{verb}", body, {"Authorization": f"Bearer {KEY}"})


def client(double: str) -> Any:
    """Stripe's library, which calls the double for this account."""
    return stripe.make(KEY, lambda host: f"{double}/stripe/{host}")


def buy(description: Mapping[str, Any]) -> None:
    """The first agency buys a plan that is large enough for its members; the other stays on trial."""
    headers = {"Authorization": f"Bearer {description['tokens']['owner']}"}
    wanted = {
        "plan": "agency", "interval": "month", "currency": "eur", "seats": 10, "brands": 10,
        "return_to": description["page"],
    }  # fmt: skip
    page = _posted(f"{description['api']}/billing/checkout", wanted, headers)["url"]
    urllib3.request("POST", f"{page}/pay", body="", redirect=False, timeout=30)
    state = _posted(f"{description['api']}/billing/refresh", {}, headers)["state"]
    if state != "active":
        raise SystemExit(f"The first agency has bought a plan and is {state}; see .local/logs.")


def _posted(url: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, Any]:
    answer = urllib3.request("POST", url, json=body, headers=headers, timeout=40)
    if answer.status >= 300:
        raise SystemExit(f"{url} was answered with {answer.status}: {answer.data.decode()}")
    said: Mapping[str, Any] = answer.json()
    return said
