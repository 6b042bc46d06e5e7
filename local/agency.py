"""`make agency`: an agency with a first brand and its owner, who gets an e-mail with a first password (not locally)."""

import argparse
from typing import Any

from local import place


def main(stage: str, name: str, brand: str, email: str) -> None:
    """Found it, and tell its ids."""
    if not (name and brand and "@" in email):
        raise SystemExit('Say who: make agency NAME="Agence Voltaire" BRAND="Bella Pasta" EMAIL=ana@example.com')
    where = place.of(stage)
    outputs = where.enter()
    from chalicelib import clock
    from chalicelib.access import memberships
    from chalicelib.brands import brands
    from chalicelib.people import founding
    from chalicelib.store import fence

    subject = invite(where.client("cognito-idp"), outputs["UserPool"], email)
    made = founding.found_agency(name, subject, email.partition("@")[0], email, clock.now())
    founder = memberships.of(subject, made.id, "", clock.now())
    with fence.within(made.id):
        first = brands.create(founder, brand, {}, clock.now())
    print(f"Agency {made.id}, brand {first.id}, owner {email}.")


def invite(cognito: Any, pool: str, email: str) -> str:
    """The subject of the person with that address, who is invited if new."""
    verified = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        user = cognito.admin_create_user(
            UserPoolId=pool, Username=email, UserAttributes=verified, DesiredDeliveryMediums=["EMAIL"]
        )["User"]["Attributes"]
    except cognito.exceptions.UsernameExistsException:
        user = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserAttributes"]
    subject: str = next(attribute["Value"] for attribute in user if attribute["Name"] == "sub")
    return subject


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default=place.LOCAL)
    parser.add_argument("--name", required=True)
    parser.add_argument("--brand", required=True)
    parser.add_argument("--email", required=True)
    main(**vars(parser.parse_args()))
