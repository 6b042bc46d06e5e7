"""Connecting an organization, and asking for people and posts.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-lookup-api
"""

from chalicelib.networks import base
from chalicelib.networks.linkedin.inbound import PAGE
from chalicelib.networks.linkedin.outbound import call, encoded
from chalicelib.networks.read import millis, part, words

ORGANIZATION = "urn:li:organization:"
_PERSON = "urn:li:person:"


def check(credentials: base.Credentials) -> base.Connected:
    """Keeps the id of the person who gave the token, because notifications are subscribed to for that person, and end
    with their role.
    """
    number = credentials.account.removeprefix(ORGANIZATION)
    if not (number.isascii() and number.isdecimal()):
        raise base.Rejected("`account` has to be the number of the organization.", code="no_account")
    organization = call(credentials, "GET", f"/rest/organizations/{number}").json
    me = call(credentials, "GET", "/rest/me").json
    name, person = words(organization.get("localizedName")), words(me.get("id"))
    if words(organization.get("id")) != number or not person:
        raise base.Rejected("LinkedIn does not show the organization to the owner of the token.", code="no_account")
    details = {**credentials.details, "person": person}
    return base.Connected(account=ORGANIZATION + number, name=name, also=(number,), details=details)


def subscribe(credentials: base.Credentials, hook: str, secret: str) -> None:
    """Subscribes the organization to the hook, which is registered in the app's settings before. The subscription ends
    at its `expiresAt`; calling again extends it.
    """
    call(credentials, "PUT", subscription(credentials), body={"webhook": hook})


def unsubscribe(credentials: base.Credentials) -> None:
    call(credentials, "DELETE", subscription(credentials))


def subscription(credentials: base.Credentials) -> str:
    """The path of the subscription: the app is notified of the organization, in the name of the person who gave the
    token.
    """
    app, person = credentials.details.get("app", ""), credentials.details.get("person", "")
    if not (app and person):
        raise base.Rejected("`details.app` has to be the number of the app, from its settings page.", code="no_app")
    parts = {
        "developerApplication": encoded(f"urn:li:developerApplication:{app}"),
        "user": encoded(_PERSON + person),
        "entity": encoded(credentials.account),
        "eventType": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
    }
    return f"/rest/eventSubscriptions/({','.join(f'{name}:{value}' for name, value in parts.items())})"


def profile(credentials: base.Credentials, person: str) -> base.Person:
    """Works for members only. https://learn.microsoft.com/en-us/linkedin/shared/integrations/people/profile-api"""
    if not person.startswith(_PERSON):
        raise base.Gone("LinkedIn shows profiles of members only.", code="404")
    member = call(credentials, "GET", f"/rest/people/(id:{encoded(person.removeprefix(_PERSON))})").json
    names = [words(member.get(name)) for name in ("localizedFirstName", "localizedLastName")]
    return base.Person(id=person, name=" ".join(filter(None, names)), username=words(member.get("vanityName")))


def publication(credentials: base.Credentials, origin: base.Origin) -> base.Publication:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api"""
    if not origin.id.startswith(("urn:li:share:", "urn:li:ugcPost:")):
        raise base.Rejected("The publication is not a post on LinkedIn.", code="object")
    post = call(credentials, "GET", f"/rest/posts/{encoded(origin.id)}").json
    text, at = words(post.get("commentary")), millis(post.get("publishedAt"))
    return base.Publication(url=PAGE + origin.id, kind="post", text=text, at=at, ad=_ad(post))


def _ad(post: base.Json) -> base.Ad | None:
    """https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/post-api-schema"""
    about = part(post, "adContext")
    return base.Ad(title=words(about.get("dscName"))[:100]) if about.get("isDsc") is True else None
