"""The identity provider of an agency: one, in the user pool, with a client of its own through which it signs people in.

The pool is changed before the table, so after a crash in between a repeat completes it.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, settings
from chalicelib.access import audit, sso
from chalicelib.access.actors import Actor
from chalicelib.aws import pool_clients
from chalicelib.aws import providers as pool
from chalicelib.aws.pool_clients import Client
from chalicelib.people.sign_in import CALLBACK, SCOPES
from chalicelib.sso import domains
from chalicelib.store import keys, lookups, table
from chalicelib.store.models.people import OwnClient, SignInProvider

Json = Mapping[str, Any]
KINDS = {"saml": "SAML", "oidc": "OIDC"}


def put(actor: Actor, asked: Json, now: int, *, came_by_it: bool) -> SignInProvider:
    """Sets the agency's provider, or changes it. `came_by_it`: this provider signed the actor in.

    Raises Invalid for settings that do not fit, Conflict without a proved domain or for another kind than before, and
    if passwords are to be refused before anybody has signed in through the provider.
    """
    actor.check_is_person()
    details, known, proven = _details(asked), sso.provider_of(actor.agency), domains.proven(actor.agency)
    only_sso = asked.get("only_sso", False)
    if known and known.kind != asked["kind"]:
        raise errors.Conflict(
            "The agency has an identity provider of another kind. Remove it first.", code="other_kind"
        )
    if not proven:
        raise errors.Conflict("The agency has no proved domain. Prove one first.", code="no_domain")
    if only_sso and not came_by_it and not (known and known.only_sso):
        raise errors.Conflict("Sign in with the identity provider first, then set `only_sso`.", code="not_tried")
    callbacks = [origin + CALLBACK for origin in settings.get().origins]
    if not callbacks:
        raise errors.Conflict("No origin is set up to which people could return after signing in.", code="no_pages")
    name = name_of(actor.agency)
    pool.put(name, KINDS[asked["kind"]], details, proven)
    if known:
        pool_clients.change(known.client, Client(name, callbacks, SCOPES))
        return _change(actor, known, asked, now)
    return _make(actor, asked, pool_clients.make(name, Client(name, callbacks, SCOPES)), now)


def _make(actor: Actor, asked: Json, client: str, now: int) -> SignInProvider:
    made = SignInProvider(
        actor.agency, keys.PROVIDER, kind=asked["kind"], name=name_of(actor.agency), client=client,
        told=_public_settings(asked), created_at=now,
    )  # fmt: skip
    own = OwnClient(lookups.client(client), lookups.CLIENT, agency=actor.agency)
    faster = errors.Conflict("Somebody else has just set the identity provider. Read it first.", code="provider_exists")
    try:
        table.transact(
            table.putting(made, SignInProvider.pk.does_not_exist(), otherwise=faster),
            table.putting(own, OwnClient.pk.does_not_exist()),
            audit.entry(actor, "sign_in_provider.set", actor.agency, now, after={"kind": made.kind}),
        )
    except errors.Conflict:
        pool_clients.remove(client)
        raise
    return made


def _change(actor: Actor, known: SignInProvider, asked: Json, now: int) -> SignInProvider:
    only_sso = asked.get("only_sso", False)
    refusing = SignInProvider.only_sso.set(True) if only_sso else SignInProvider.only_sso.remove()
    table.transact(
        table.changing(
            SignInProvider(known.pk, known.sk), [SignInProvider.told.set(_public_settings(asked)), refusing],
            SignInProvider.client == known.client, otherwise=errors.PreconditionFailed,
        ),
        audit.entry(
            actor, "sign_in_provider.set", actor.agency, now,
            before={"only_sso": bool(known.only_sso)}, after={"kind": known.kind, "only_sso": only_sso},
        ),
    )  # fmt: skip
    return sso.provider_of(actor.agency) or known


def remove(actor: Actor, now: int) -> None:
    """Removes the provider; from the next request on nobody works by it. Raises NotFound if there is none."""
    actor.check_is_person()
    known = sso.provider_of(actor.agency)
    if known is None:
        raise errors.NotFound
    pool_clients.remove(known.client)
    pool.remove(known.name)
    table.transact(
        table.deleting(SignInProvider(known.pk, known.sk), SignInProvider.client == known.client),
        table.deleting(OwnClient(lookups.client(known.client), lookups.CLIENT), OwnClient.agency == actor.agency),
        audit.entry(actor, "sign_in_provider.remove", actor.agency, now),
    )


def update_domains(agency: str, *, without: str = "") -> None:
    """Tells the user pool the agency's proved domains; a repeat does nothing. Raises Unavailable."""
    known = sso.provider_of(agency)
    if known:
        pool.set_domains(known.name, [domain for domain in domains.proven(agency) if domain != without])


def name_of(agency: str) -> str:
    """The name of the agency's provider in the user pool: at most 32 characters, no underscore."""
    return "sso-" + agency.removeprefix("agc_")


def _details(asked: Json) -> Mapping[str, str]:
    """The provider's details for the user pool. Raises Invalid unless exactly the fields of its kind are given."""
    given = {name: asked[name] for name in ("metadata_url", "metadata", "issuer", "client_id", "client_secret")
             if name in asked}  # fmt: skip
    if asked["kind"] == "saml" and given.keys() == {"metadata_url"}:
        return {"MetadataURL": given["metadata_url"]}
    if asked["kind"] == "saml" and given.keys() == {"metadata"}:
        return {"MetadataFile": given["metadata"]}
    if asked["kind"] == "oidc" and given.keys() == {"issuer", "client_id", "client_secret"}:
        return {
            "oidc_issuer": given["issuer"], "client_id": given["client_id"], "client_secret": given["client_secret"],
            "authorize_scopes": "openid email profile", "attributes_request_method": "GET",
        }  # fmt: skip
    raise errors.Invalid(
        "SAML takes `metadata` or `metadata_url`; OIDC takes `issuer`, `client_id` and `client_secret`.",
        code="not_together",
        field="kind",
    )


def _public_settings(asked: Json) -> Json:
    """Those of the provider's settings that may be shown again."""
    return {name: asked[name] for name in ("metadata_url", "issuer", "client_id") if name in asked}


def view(provider: SignInProvider | None) -> Json:
    if provider is None:
        return {"provider": None}
    shown = {
        "kind": provider.kind,
        "metadata_url": provider.told.get("metadata_url"),
        "issuer": provider.told.get("issuer"),
        "client_id": provider.told.get("client_id"),
        "only_sso": bool(provider.only_sso),
        "identity_provider": provider.name,
        "sign_in_client_id": provider.client,
        "created_at": clock.text(provider.created_at),
    }
    return {"provider": shown}
