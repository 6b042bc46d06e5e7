"""An app is posted to at a hook of ours, or somebody is told; what may be mended is mended, and by whom."""

from collections.abc import Sequence
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.networks import base
from chalicelib.store.models.channels import Channel
from chalicelib.upkeep import app_hooks
from chalicelib.upkeep.app_hooks import AppHook, Heard

HOOKS, ID, OWN = "https://palabre.example/hooks", "chn_1", "netapp#facebook"
OTHERS = "https://crm.example/meta"


class Dashboard:
    """What an app is set to at its network, and what it was asked to be set to; that is refused."""

    def __init__(self, address: str) -> None:
        self.set_to = base.Posting(address=address)
        self.asked: list[tuple[str, str]] = []

    def posting(self, app: base.App) -> base.Posting:
        return self.set_to

    def post_to(self, app: base.App, hook: str, verify: str) -> None:
        self.asked.append((hook, verify))
        raise base.Rejected("Callback verification failed.", code="2200")


def hook(dashboard: Dashboard, key: str = "", verify: str = "word", **more: Any) -> AppHook:
    channel = Channel("agc_1", f"channel#{ID}", id=ID, network="facebook", own_hook=bool(key))
    nothing: Any = None
    consent = base.Consent(begin=nothing, finish=nothing, accounts=nothing, posting=dashboard.posting, **more)
    return AppHook(channel=channel, consent=consent, app=base.App(id="77"), key=key, hooks=HOOKS, verify=verify)


def mendable(dashboard: Dashboard, key: str = "", verify: str = "word") -> AppHook:
    return hook(dashboard, key, verify, post_to=dashboard.post_to)


PLACES = (
    ("", f"{HOOKS}/facebook", ()),
    ("", f"{HOOKS}/messenger", ()),  # both come to the same hook
    ("", f"{HOOKS}/instagram", ("address",)),
    ("", f"{HOOKS}/facebook/{ID}", ("address",)),  # our app's signature is not the channel's
    ("", f"{HOOKS}andmore/facebook", ("address",)),
    ("", "", ("address",)),
    (OWN, f"{HOOKS}/facebook/{ID}", ()),
    (OWN, f"{HOOKS}/messenger/{ID}", ()),
    (OWN, f"{HOOKS}/facebook", ("address",)),  # an own app's signature is not ours
    (OWN, OTHERS, ("address",)),
)


@pytest.mark.parametrize(("key", "address", "missing"), PLACES)
def test_only_a_hook_at_which_the_app_is_believed_is_one(key: str, address: str, missing: Sequence[str]) -> None:
    posting = base.Posting(address=address)
    assert app_hooks.not_posted(hook(Dashboard(address), key), posting) == missing


def test_fields_that_are_not_posted_are_named_where_the_address_is_right() -> None:
    posting = base.Posting(address=f"{HOOKS}/facebook", missing=("active", "feed"))
    assert app_hooks.not_posted(hook(Dashboard("")), posting) == ("active", "feed")


@pytest.mark.parametrize(
    ("key", "address", "asked", "is_mended"),
    [
        ("", OTHERS, False, True),  # our app is ours
        (OWN, "", False, True),
        (OWN, f"{HOOKS}/facebook/gone", True, True),
        (OWN, OTHERS, False, False),
        (OWN, OTHERS, True, True),
    ],
)
def test_what_an_agencys_app_posts_to_another_program_is_only_taken_when_somebody_asks(
    key: str, address: str, *, asked: bool, is_mended: bool
) -> None:
    dashboard = Dashboard(address)
    may = mendable(dashboard, key)
    assert app_hooks.look(may, 0, clock.DAY, asked=asked) == Heard(was=("address",), still=("address",))
    assert dashboard.asked == ([(may.address, "word")] if is_mended else [])


def test_without_the_token_nothing_is_asked_and_it_is_told_as_missing() -> None:
    dashboard = Dashboard(OTHERS)
    for app_hook in (mendable(dashboard, verify=""), hook(dashboard)):
        assert app_hooks.look(app_hook, 0, clock.DAY, asked=True).still == ("address",)
    assert dashboard.asked == []
    assert app_hooks.look(hook(dashboard), 0, clock.DAY, asked=True) == Heard(was=("address",), still=("address",))
