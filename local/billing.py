"""Billing on one machine: an account at Stripe's double that sells our plans and tells our hook what happens."""

import json
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import urllib3

from chalicelib.billing import stripe
from chalicelib.plans import plans
from local import catalogue
from local.cloud import Platform
from local.stage import LOCAL

KEY = "sk_test_local"


def begin(platform: Platform, key: str = KEY) -> None:
    """The account sells the plans, its events lead to our hook, and our functions have its key and secret."""
    client = stripe.make(key, lambda host: f"{platform.double}/stripe/{host}")
    with redirect_stdout(StringIO()):
        catalogue.push(client.v1, plans.PLANS.values())
    listening = control(platform, key, "destinations", url=f"{platform.hooks}/stripe", payload="thin")
    secret = {"key": key, "signing": [listening["webhook_endpoint"]["signing_secret"]]}
    platform.client("secretsmanager").create_secret(Name=f"palabre/{LOCAL}/billing", SecretString=json.dumps(secret))


def control(platform: Platform, key: str, verb: str, **body: Any) -> Mapping[str, Any]:
    """A verb of the double for the account of that key."""
    url, headers = f"{platform.double}/stripe/control/{verb}", {"Authorization": f"Bearer {key}"}
    answer = urllib3.request("POST", url, json=body, headers=headers, timeout=60)
    if answer.status != 200:
        raise SystemExit(f"The double of Stripe refused {verb}: {answer.data.decode()}")
    said: Mapping[str, Any] = answer.json()
    return said
