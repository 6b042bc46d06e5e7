"""Two agencies to try things with: each a brand, a channel per network, and a member per role with a way to sign in."""

import json
import os
import secrets as random
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import urllib3

from local import double, environment, stack

PASSWORD = "Correct-Horse-7"
AGENCIES = {"1": ("Agence Voltaire", "Bella Pasta", "voltaire"), "2": ("Studio Nord", "Nordlys Bikes", "nord")}


def configure(outputs: Mapping[str, str], endpoint: str) -> None:
    """Sets this process's environment so that our own code works on the deployed stack, even if it worked on another
    before.
    """
    os.environ.update(environment.tools())
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint, COGNITO_URL=endpoint, **stack.variables("local", environment.REGION, outputs)
    )
    environment.forget()


MAIL_FROM = "palabre@palabre.example"


def networks(endpoint: str) -> Mapping[str, Mapping[str, str]]:
    """Makes a secret and a verify token for each network's app, as its dashboard would; gives both, by network."""
    from chalicelib import networks as registry
    from chalicelib.aws import secrets

    client = environment.client("secretsmanager", endpoint)
    apps, doubles = {}, double.doubles()
    for key in registry.names():
        network = registry.get(key)
        if network and (network.consent or not network.secret_per_channel):
            name = secrets.name_of(key)
            secret = random.token_hex(16)
            value: dict[str, Any] = {"signing": [secret], "verify": [random.token_hex(16)]}
            app = {"id": f"{key}-app", "secret": secret, "config": getattr(doubles.get(key), "CONFIG", "")}
            value |= {"app": app} if network.consent else {}
            value |= {"apps": dict.fromkeys(network.consent.products, app)} if network.consent else {}
            try:
                client.create_secret(Name=name, SecretString=json.dumps(value))
            except client.exceptions.ResourceExistsException:  # somebody begins anew
                value = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
            apps[key] = {"app_secret": value["signing"][0], "verify_token": value["verify"][0]}
    return apps


def agency(number: str, outputs: Mapping[str, str], endpoint: str, *, only_owner: bool = False) -> dict[str, Any]:
    """Founds an agency with a brand and a member per role; gives its ids and tokens."""
    from chalicelib.access import memberships, permissions
    from chalicelib.brands import brands
    from chalicelib.people import founding
    from chalicelib.store import fence

    name, brand_name, domain = AGENCIES[number]
    now = time.time_ns() // 1_000_000
    subject, token = sign_up(f"owner@{domain}.example", outputs, endpoint)
    agency = founding.found_agency(name, subject, "Owner", f"owner@{domain}.example", now)
    founder, tokens = memberships.of(subject, agency.id, "", now), {"owner": token}
    with fence.within(agency.id):
        brand = brands.create(founder, brand_name, {}, now)
        for role in () if only_owner else [name for name in permissions.TEMPLATES if name != "owner"]:
            email = f"{role}@{domain}.example"
            subject, tokens[role] = sign_up(email, outputs, endpoint)
            grants = [{"role": role, "brands": [brand.id]}]
            join(agency.id, subject, role.replace("_", " ").title(), email, grants, now)
    return {"agency": agency.id, "brand": brand.id, "tokens": tokens}


def join(agency: str, subject: str, name: str, email: str, grants: list[Any], now: int) -> None:
    """Makes the person a member, as accepting an invitation does."""
    from chalicelib.access import audit
    from chalicelib.access.actors import Actor
    from chalicelib.people import members
    from chalicelib.store import table

    member, writes = members.joining(agency, subject, name, email, grants, now, refused=())
    joined = audit.entry(Actor(agency, member.id, name), "member.join", member.id, now, after={"grants": grants})
    table.transact(*writes, joined)


def sign_up(email: str, outputs: Mapping[str, str], endpoint: str) -> tuple[str, str]:
    """Makes an account in the user pool and signs in; gives subject and access token."""
    cognito = environment.client("cognito-idp", endpoint)
    pool = outputs["UserPool"]
    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    with suppress(cognito.exceptions.UsernameExistsException):  # who was invited has an account
        cognito.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=verified, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True)
    user = cognito.admin_get_user(UserPoolId=pool, Username=email)
    attributes = {entry["Name"]: entry["Value"] for entry in user["UserAttributes"]}
    return attributes["sub"], sign_in(email, outputs, endpoint)


def sign_in(email: str, outputs: Mapping[str, str], endpoint: str) -> str:
    """A new access token for an account of the user pool."""
    answer = environment.client("cognito-idp", endpoint).initiate_auth(
        ClientId=outputs["UserPoolClient"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def channels(number: str, brand: str, api: str, token: str, *, trial: bool = False) -> list[dict[str, Any]]:
    """Connects a channel of each network through the API, which calls the double as it would call the network.

    With `trial`, as many as the plan of a trial allows: networks that need no polling come first.
    """
    from chalicelib import networks as registry
    from chalicelib.plans import plans

    every = sorted(double.doubles(), key=lambda key: bool(getattr(registry.get(key), "polling", None)))
    most = plans.PLANS["team"].limits.channels if trial else None
    return [connect(network, f"90000000{number}", brand, api, token) for network in every[:most]]


def connect(network: str, numbered: str, brand: str, api: str, token: str) -> dict[str, Any]:
    """Connects a channel to the account with that number in its ids."""
    text = json.dumps(double.doubles()[network].CONNECTION).replace("{n}", numbered)
    body = {"brand": brand, "network": network, **json.loads(text)}
    answer = urllib3.request(
        "POST", f"{api}/channels", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    if answer.status != 201:
        raise SystemExit(f"Connecting {network} failed: {answer.data.decode()}")
    return {"signer": signer(network, body["credentials"]), **answer.json()}


def hook(channel: Mapping[str, Any], apps: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    """Where the double posts what happens on a channel, and the secret with which it signs.

    A hook with a secret of ours belongs to one channel, so its bodies need not name the account; polled ones must.
    """
    from chalicelib import networks as registry

    known = registry.get(channel["network"])
    secret = channel.get("secret") or channel["signer"] or apps[channel["network"]].get("app_secret", "")
    is_named = "secret" not in channel or bool(known and known.polling)
    always = {"always": {"account": channel["account"]}} if is_named else {}
    return {"hook": channel["hook"], "secret": secret, **always}


def signer(network: str, credentials: Mapping[str, str]) -> str:
    """The secret with which the network signs a channel's posts, if it came with the credentials; else empty."""
    from chalicelib import networks as registry

    known = registry.get(network)
    return credentials["token"] if known and known.token_signs else credentials.get("secret", "")
