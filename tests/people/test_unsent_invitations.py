"""F28. An invitation whose mail may not have left ends in a minute: nobody waits for a link that does not come."""

from collections.abc import Iterator

import pytest

from chalicelib import clock, errors, settings
from chalicelib.access import permissions
from chalicelib.access.actors import Actor, Grant
from chalicelib.people import invitations
from chalicelib.store import due, fence
from chalicelib.store.models.people import Invitation
from local import seed
from tests.people.test_members import link_in_mail
from tests.support.background import time_passes
from tests.support.dying import MOMENTS, dying
from tests.support.stack import Stack, eventually, number


def invite(stack: Stack, email: str) -> None:
    owner = Actor(stack.ours.id, "mbr_1", "Owner", grants=(Grant("owner", frozenset(permissions.PERMISSIONS)),))
    with fence.within(owner.agency):
        invitations.invite(owner, email, [{"role": "client", "brands": [stack.ours.brand]}], clock.now())


def pending(stack: Stack, emails: list[str]) -> list[Invitation]:
    with fence.within(stack.ours.id):
        return [
            invitation for invitation in invitations.pending(stack.ours.id, clock.now()) if invitation.email in emails
        ]


@pytest.fixture
def mailed(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mail leaves from here, too."""
    monkeypatch.setenv("MAIL_FROM", seed.MAIL_FROM)
    monkeypatch.setenv("APP_URL", "https://app.palabre.dev")
    settings.get.cache_clear()
    yield
    settings.get.cache_clear()


@pytest.mark.usefixtures("mailed")
def test_invitation_is_whole_or_gone_whenever_the_process_died(stack: Stack) -> None:
    emails = [f"guest{number()}@new.example" for _ in MOMENTS]
    for moment, email in zip(MOMENTS, emails, strict=True):
        with dying(moment):
            invite(stack, email)
    time_passes(2 * clock.MINUTE)
    eventually(lambda: not [invitation for invitation in pending(stack, emails) if invitation.settle_at])
    whole = pending(stack, emails)
    # Its second transaction says that the mail left.
    assert {invitation.email for invitation in whole} == set(emails[3:])
    assert not {item.target for item in due.now_due(clock.now() + clock.DAY)} & {invitation.id for invitation in whole}
    assert all(invitation.id in link_in_mail(stack, invitation.email) for invitation in whole)


def test_invitation_that_was_not_mailed_is_taken_back_in_the_audit(stack: Stack) -> None:
    email = f"guest{number()}@new.example"
    with pytest.raises(errors.Unavailable):
        invite(stack, email)
    newest = [entry["action"] for entry in stack.ours.owner.every("/audit", actor="mbr_1")]
    assert newest[:2] == ["member.uninvite", "member.invite"]
    assert pending(stack, [email]) == []
