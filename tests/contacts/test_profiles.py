"""What an agency notes of a contact is its own: the network's news leave it alone."""

from chalicelib.contacts import contacts
from chalicelib.store.models.contacts import Contact
from tests.support import audits
from tests.support.people import Fan
from tests.support.stack import Stack, eventually


def test_own_name_labels_and_note_stay_when_the_network_tells_another_name(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("telegram")), stack.ours.owner
    path = f"/contacts/{fan.starts()['contact']['id']}"
    known = owner.get(path)
    assert (known["own_name"], known["labels"], known["note"]) == (None, [], None)
    noted = owner.patch(path, {"own_name": "Ana, the baker", "labels": ["vip", "b2b", "vip"], "note": "Ask for Jo"})
    assert (noted["display_name"], noted["labels"], noted["note"]) == ("Ana, the baker", ["b2b", "vip"], "Ask for Jo")
    fan.name = "Anna"
    fan.says("I married")
    changed = eventually(lambda: contact if (contact := owner.get(path))["name"] == "Anna" else None)
    assert (changed["own_name"], changed["note"]) == ("Ana, the baker", "Ask for Jo")
    [row] = fan.channel.conversations(include="contact")
    assert row["contact"]["display_name"] == "Ana, the baker"
    [entry] = audits.recent(owner, target=known["id"], action="contact.change")
    assert entry["after"] == {"changed": ["labels", "note", "own_name"]}
    assert owner.patch(path, {"own_name": None, "labels": []})["display_name"] == "Anna"


def test_who_may_not_or_read_another_version_changes_nothing(stack: Stack) -> None:
    fan, owner = Fan(stack.connect("telegram")), stack.ours.owner
    path, asked = f"/contacts/{fan.starts()['contact']['id']}", {"note": "Hello"}
    old = owner.get(path)["version"]
    owner.patch(path, {"labels": ["vip"]})
    assert owner.call("PATCH", path, asked, headers={"If-Match": f'"{old}"'}).status == 412
    assert stack.ours.members["client"].call("PATCH", path, asked).problem == (403, "cannot_change")
    assert owner.call("PATCH", path, {}).problem == (422, "empty")
    assert owner.get(path)["note"] is None
    owner.patch(path, asked)
    assert stack.ours.members["moderator"].get(path)["note"] is None  # who does not see what is private


def test_people_are_addressed_as_the_agency_calls_them() -> None:
    person = Contact("agc_1#ctc_1", "contact", id="ctc_1", name="ana_1987", own_name="Ana Silva", identities=[])
    assert contacts.names(person, "telegram")["contact.first_name"] == "Ana"
