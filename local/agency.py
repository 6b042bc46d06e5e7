"""`make agency`: an agency with a first brand and its owner, who gets an e-mail with a first password (not locally)."""

import argparse
from typing import Any

from local.stage import LOCAL, stage_named


def main(stage_name: str, name: str, brand: str, email: str) -> None:
    if not (name and brand and "@" in email):
        raise SystemExit('Say who: make agency NAME="Agence Voltaire" BRAND="Bella Pasta" EMAIL=ana@example.com')
    stage = stage_named(stage_name)
    outputs = stage.enter()
    from chalicelib import clock
    from chalicelib.access import memberships
    from chalicelib.brands import brands
    from chalicelib.people import founding
    from chalicelib.store import fence

    subject = invite(stage.client("cognito-idp"), outputs["UserPool"], email)
    agency = founding.found_agency(name, subject, email.partition("@")[0], email, clock.now())
    founder = memberships.of(subject, agency.id, "", clock.now())
    with fence.within(agency.id):
        first_brand = brands.create(founder, brand, {}, clock.now())
    print(f"Agency {agency.id}, brand {first_brand.id}, owner {email}.")


def invite(cognito: Any, pool: str, email: str) -> str:
    """Invites the person unless the pool knows their address; gives their subject."""
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
    parser.add_argument("--stage", dest="stage_name", default=LOCAL)
    parser.add_argument("--name", required=True)
    parser.add_argument("--brand", required=True)
    parser.add_argument("--email", required=True)
    main(**vars(parser.parse_args()))
