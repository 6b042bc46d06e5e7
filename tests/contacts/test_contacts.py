"""Who writes is one contact per person and brand, named as soon as the network tells."""

import pytest

from chalicelib.inbox import conversations
from chalicelib.store import fence
from tests.support.people import Fan, now
from tests.support.stack import GOING, Stack, eventually


@pytest.mark.parametrize("fan", ["facebook", "whatsapp", "telegram"], indirect=True)
def test_contact_has_the_name_the_network_tells(fan: Fan) -> None:
    conversation = fan.starts()
    contact = fan.channel.agency.owner.get(f"/contacts/{conversation['contact']['id']}")
    assert (contact["name"], contact["brand"], contact["reachable"]) == ("Ana", fan.channel.agency.brand, True)
    [identity] = contact["identities"]
    assert (identity["network"], identity["id"]) == (fan.channel.network, fan.id)


@pytest.mark.parametrize("fan", ["messenger", "instagram"], indirect=True)
def test_name_is_asked_of_networks_that_do_not_tell_it(fan: Fan) -> None:
    conversation = fan.starts()
    contact = conversation["contact"]["id"]
    eventually(lambda: fan.channel.agency.owner.get(f"/contacts/{contact}")["name"] == "Ana Silva")
    eventually(lambda: fan.channel.conversation()["contact"]["name"] == "Ana Silva")
    eventually(lambda: fan.channel.messages()[0]["author"]["name"] == "Ana Silva")


def test_one_person_in_two_conversations_is_one_contact(stack: Stack) -> None:
    fan = Fan(stack.connect("facebook"))
    first = fan.starts("One comment")
    fan.top = ""
    fan.says("Another")
    both = eventually(lambda: listed if len(listed := fan.channel.conversations()) == 2 else None)
    assert {conversation["contact"]["id"] for conversation in both} == {first["contact"]["id"]}


def test_new_name_is_written_down(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    contact = fan.starts()["contact"]["id"]
    fan.name = "Anna"
    fan.says("I married")
    eventually(lambda: stack.ours.owner.get(f"/contacts/{contact}")["name"] == "Anna")


def test_someone_without_a_number_is_known_by_their_other_ids(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.channel.tell("dm", person="", user_id=f"ES.{fan.id}", username="ana", name="Ana")
    contact = fan.channel.conversation()["contact"]["id"]
    shown = stack.ours.owner.get(f"/contacts/{contact}")
    assert (shown["name"], shown["identities"][0]["id"]) == ("Ana", f"ES.{fan.id}")
    assert shown["identities"][0]["phone"] == ""
    reply = fan.hears("Hello")
    eventually(lambda: stack.ours.owner.get(f"/replies/{reply['id']}")["status"] == "sent")
    assert fan.channel.calls()[-1]["json"]["recipient"] == f"ES.{fan.id}"


def test_same_person_by_number_and_by_id_is_one_contact(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.channel.tell("dm", person=fan.id, user_id=f"ES.{fan.id}", name="Ana")
    fan.channel.settled()
    fan.channel.tell("dm", person="", user_id=f"ES.{fan.id}", name="Ana", text="Me again")
    fan.channel.settled()
    contacts = {conversation["contact"]["id"] for conversation in fan.channel.conversations()}
    shown = [stack.ours.owner.get(f"/contacts/{contact}")["id"] for contact in contacts]
    assert len(set(shown)) == 1


def test_number_that_changed_goes_on_in_its_conversation(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    conversation = fan.starts()
    new = f"1{fan.id}"
    fan.channel.tell("number_changed", person=fan.id, new=new)
    fan.channel.settled()
    # F10
    fan.is_answered("Is this your number now?")
    assert fan.channel.calls()[-1]["json"]["to"] == new
    contact = stack.ours.owner.get(f"/contacts/{conversation['contact']['id']}")
    assert {identity["id"] for identity in contact["identities"]} == {fan.id, new}
    fan.channel.tell("dm", person=new, text="From my new number", name="Ana", at=now() + 1000)
    eventually(lambda: fan.channel.conversation()["last_message"]["text"] == "From my new number")
    assert fan.channel.conversation()["id"] == conversation["id"]


def test_group_that_became_a_supergroup_keeps_its_conversation(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    old, new = -int(fan.id), -1001000000000 - int(fan.id)
    group = {"id": old, "title": "Fans", "type": "group"}
    fan.channel.tell("group_message", chat=group, user=int(fan.id), text="before", date=now() // 1000 - 60)
    fan.channel.settled()
    fan.channel.tell("migrated", chat=group, migrate_to_chat_id=new)
    fan.channel.settled()
    fan.channel.tell("group_message", chat={**group, "id": new, "type": "supergroup"}, user=int(fan.id), text="after")
    eventually(lambda: [message["text"] for message in fan.channel.messages()] == ["before", "after"])
    # F9
    fan.top = "group"
    fan.is_answered("Hello all")
    assert fan.channel.calls()[-1]["json"]["chat_id"] == new
    assert len(fan.channel.conversations()) == 1


def answers_go_to(fan: Fan) -> str:
    agency = fan.channel.agency.id
    with fence.within(agency):
        conversation = conversations.find(agency, fan.channel.conversation()["id"])
    return conversation.thread if conversation else ""


# F9
def test_new_id_that_a_refusal_tells_is_where_the_next_answer_goes(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    group, new = {"id": -int(fan.id), "title": "Fans", "type": "group"}, -1001305240999
    fan.channel.tell("group_message", chat=group, user=int(fan.id), text="before", date=now() // 1000 - 60)
    fan.channel.settled()
    fan.top = "group"
    fan.channel.fails("migrated", containing="First")
    fan.is_answered("First")
    assert [call["json"]["chat_id"] for call in fan.channel.calls()[1:]] == [-int(fan.id), new]
    eventually(lambda: answers_go_to(fan) == str(new))  # this is stored after the answer is
    fan.is_answered("Second")
    assert [call["json"]["chat_id"] for call in fan.channel.calls()[3:]] == [new]
    fan.channel.tell("group_message", chat={**group, "id": new, "type": "supergroup"}, user=int(fan.id), text="after")
    eventually(lambda: "after" in [message["text"] for message in fan.channel.messages()])
    assert len(fan.channel.conversations()) == 1


# F10
def test_late_message_from_the_old_number_does_not_bring_answers_back_to_it(stack: Stack) -> None:
    fan = Fan(stack.connect("whatsapp"))
    fan.starts()
    new = f"1{fan.id}"
    fan.channel.tell("number_changed", person=fan.id, new=new)
    fan.channel.settled()
    fan.channel.tell("dm", person=fan.id, text="Sent before I changed", name="Ana Silva", at=now() - 1000)
    eventually(lambda: "Sent before I changed" in [message["text"] for message in fan.channel.messages()])
    fan.is_answered("Still there?")
    assert fan.channel.calls()[-1]["json"]["to"] == new


def test_someone_who_left_is_not_written_to_until_they_return(stack: Stack) -> None:
    fan = Fan(stack.connect("telegram"))
    conversation = fan.starts()
    contact = conversation["contact"]["id"]
    fan.channel.tell("blocked", user=int(fan.id))
    eventually(lambda: stack.ours.owner.get(f"/contacts/{contact}")["reachable"] is False)
    answer = stack.ours.owner.call("POST", f"/conversations/{conversation['id']}/replies", {"text": "Come back"})
    assert answer.problem == (409, "contact_unreachable")
    assert len(fan.channel.calls()) == 1
    fan.channel.tell("unblocked", user=int(fan.id))
    eventually(lambda: stack.ours.owner.get(f"/contacts/{contact}")["reachable"])
    assert fan.hears("Welcome back")["status"] in GOING
