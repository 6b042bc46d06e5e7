"""Connecting an account under both logins, and asking for profiles, mentions and publications."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.networks import base
from chalicelib.networks.instagram import NETWORK, double
from chalicelib.networks.instagram.tests_calls import LINKED, OWN, behave
from chalicelib.networks.instagram.tests_expected import ACCOUNT, COMMENT, COMMENTED, MEDIA, MENTIONED, PAGE, PERSON
from local.double import Server


def test_check_gives_both_ids_under_instagram_login(server: Server) -> None:
    details = {"product": "instagram_login"}
    connected = base.Connected(account=double.ACCOUNT, name="bella", also=(double.SCOPED,), details=details)
    assert NETWORK.check(replace(OWN, account="")) == connected
    [call] = server.state.requests
    assert (call["host"], call["path"]) == ("graph.instagram.com", "/v25.0/me")
    behave(server, "expired")
    with pytest.raises(base.Expired):
        NETWORK.check(OWN)


def test_check_of_a_named_account_needs_a_token_that_reads_it(server: Server) -> None:
    connected = NETWORK.check(replace(LINKED, account="17841400000000042"))
    assert (connected.account, connected.details["page"]) == ("17841400000000042", PAGE)
    behave(server, "gone")
    with pytest.raises(base.Rejected):  # F27
        NETWORK.check(LINKED)


@pytest.mark.parametrize(("given", "path"), [({"page": PAGE}, PAGE), ({}, "me")])
def test_check_gives_the_linked_account_under_facebook_login(
    server: Server, given: Mapping[str, str], path: str
) -> None:
    details = {"product": "facebook_login", "page": PAGE}
    connected = base.Connected(account=double.ACCOUNT, name="bella", details=details)
    assert NETWORK.check(replace(LINKED, account="", details=given)) == connected
    [call] = server.state.requests
    assert (call["host"], call["path"]) == ("graph.facebook.com", f"/v25.0/{path}")


@pytest.mark.parametrize(("credentials", "node"), [(OWN, ACCOUNT), (LINKED, PAGE)])
def test_subscribing_turns_the_webhook_on_and_off(server: Server, credentials: base.Credentials, node: str) -> None:
    NETWORK.subscribe(credentials, "https://palabre.example/hooks/instagram", "")
    NETWORK.unsubscribe(credentials)
    on, off = server.state.requests
    assert (on["method"], off["method"]) == ("POST", "DELETE")
    assert on["path"] == off["path"] == f"/v25.0/{node}/subscribed_apps"
    assert "messages" in on["query"]["subscribed_fields"].split(",")
    assert (on["status"], off["status"]) == (200, 200)


@pytest.mark.parametrize("failure", ["gone", "no_such_person", "no_consent"])
def test_a_profile_that_cannot_be_asked_for_is_gone(server: Server, failure: str) -> None:
    assert NETWORK.profile is not None
    picture = "https://scontent.cdninstagram.com/p.jpg"
    person = base.Person(id=PERSON, name="Ana Silva", username="ana.silva", avatar=picture, followers=12)
    assert NETWORK.profile(OWN, PERSON) == person
    behave(server, failure)
    with pytest.raises(base.Gone):
        NETWORK.profile(OWN, PERSON)


def bare(id: str, media: str) -> base.Message:
    """A mention as it is kept: its ids, and the publication in its context."""
    return base.Message(thread="cnv_1", id=id, at=1784990000000, surface="mention", context={"media": media})


SAID_AT = 1769850000000


@pytest.mark.parametrize("credentials", [OWN, LINKED])
def test_a_mention_in_a_comment_is_completed(server: Server, credentials: base.Credentials) -> None:
    assert NETWORK.complete is not None
    mention = NETWORK.complete(credentials, bare(COMMENT, MEDIA))
    assert (mention.text, mention.at, mention.exact) == ("Ask @bella", SAID_AT, True)
    assert (mention.person, mention.attachments) == (base.Person(id="ana.silva", username="ana.silva"), ())


@pytest.mark.parametrize("credentials", [OWN, LINKED])
def test_a_mention_in_a_caption_is_completed(server: Server, credentials: base.Credentials) -> None:
    assert NETWORK.complete is not None
    mention = NETWORK.complete(credentials, bare(MEDIA, MEDIA))
    assert (mention.text, mention.at) == ("Lunch at @bella", SAID_AT)
    assert mention.origin == base.Origin(id=MEDIA, url=f"https://www.instagram.com/p/{MEDIA}/")
    [image] = mention.attachments
    assert (image.kind, image.url, image.expires) == ("image", "https://scontent.cdninstagram.com/1.jpg", True)


def test_whole_messages_are_left_as_they_are(server: Server) -> None:
    assert NETWORK.complete is not None
    for message in (COMMENTED, replace(MENTIONED, text="known")):
        assert NETWORK.complete(OWN, message) == message
    assert server.state.requests == []


def test_a_publication_of_the_account_is_asked_for(server: Server) -> None:
    assert NETWORK.publication is not None
    post = NETWORK.publication(OWN, base.Origin(id=MEDIA))
    assert (post.text, post.author, post.kind) == ("Lunch at @bella", "bella", "feed")
    assert (post.picture, post.at) == ("https://scontent.cdninstagram.com/1.jpg", 1769850000000)
    with pytest.raises(base.Rejected):
        NETWORK.publication(OWN, base.Origin(id="me/accounts"))
