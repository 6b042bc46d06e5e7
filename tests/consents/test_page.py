"""The page of a connect link, in a real browser: somebody without a seat connects a Page in their language."""

from tests.support.browsers import window
from tests.support.stack import Stack


def test_who_opens_the_link_connects_an_account_and_sees_nothing_else(stack: Stack) -> None:
    wanted = {"brand": stack.ours.brand, "networks": ["facebook", "mastodon"], "title": "Bella Pasta", "language": "fr"}
    link = stack.ours.owner.post("/connect-links", wanted)
    with window() as browser:
        browser.opens(link["url"])
        browser.reads("Choisissez où sont vos comptes.")
        assert not browser.shows("#connect")
        browser.presses("Connecter Facebook")
        browser.reads("Choisissez les comptes à connecter.")
        assert link["token"] not in browser.driver.current_url
        browser.presses("Connecter")
        browser.reads("Connecté.")
    listed = next(row for row in stack.ours.owner.every("/connect-links") if row["id"] == link["id"])
    assert len(listed["channels"]) == 1


def test_who_comes_back_from_a_network_twice_is_told_what_to_do(stack: Stack) -> None:
    with window() as browser:
        browser.opens(f"{stack.api.removesuffix('/v1')}/connected?code=1&state=used")
        browser.reads("This sign-in was used already, or took too long.")


def test_link_that_was_revoked_says_that_it_works_no_more(stack: Stack) -> None:
    link = stack.ours.owner.post("/connect-links", {"brand": stack.ours.brand, "networks": ["facebook"]})
    stack.ours.owner.delete(f"/connect-links/{link['id']}")
    with window() as browser:
        browser.opens(link["url"])
        browser.reads("This link does not work any more.")
