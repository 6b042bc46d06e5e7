"""What an account tells of the business is read and written on its network."""

from tests.support import audits
from tests.support.stack import Stack

PROFILE = {
    "about": "Open until ten", "address": "Calle 1\nMadrid", "description": "Pasta", "email": "ciao@pasta.example",
    "websites": ["https://pasta.example"], "vertical": "RESTAURANT",
}  # fmt: skip


def test_profile_is_written_and_read_on_the_network(stack: Stack) -> None:
    channel = stack.connect("whatsapp")
    owner, path = channel.agency.owner, f"/channels/{channel.id}/profile"
    assert owner.get(path)["vertical"] == ""
    assert owner.put(path, PROFILE) == PROFILE == owner.get(path)
    less = {**PROFILE, "about": "", "address": "", "websites": [], "vertical": ""}
    owner.put(path, less)
    assert owner.get(path) == {**less, "about": "Open until ten", "vertical": "RESTAURANT"}
    assert owner.call("PUT", path, {**PROFILE, "vertical": "PASTA"}).problem == (422, "profile_refused")
    for do, problem in (("rejected", (422, "profile_refused")), ("unavailable", (503, "network_unreachable"))):
        stack.behave("whatsapp", do, token=channel.token, path="business_profile", times=2)
        assert owner.call("GET", path).problem == problem
        assert owner.call("PUT", path, PROFILE).problem == problem
    audited = audits.recent(owner, target=channel.id)
    assert "channel.write_profile" in {entry["action"] for entry in audited}
    assert "Madrid" not in str(audited)


def test_account_without_a_profile_says_so(stack: Stack) -> None:
    channel = stack.connect("telegram")
    path = f"/channels/{channel.id}/profile"
    assert channel.agency.owner.call("GET", path).problem == (422, "no_profile")
    assert channel.agency.owner.call("PUT", path, PROFILE).problem == (422, "no_profile")
