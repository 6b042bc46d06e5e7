"""Comments are judged by live rules: hidden on their network, queued, labelled, and taken back."""

from typing import Any

import pytest

from chalicelib import clock
from chalicelib.access import actors
from chalicelib.moderation import acts, bans
from chalicelib.rules import banned, samples
from chalicelib.rules.rules import Act, Rule
from chalicelib.store import fence, keys, table
from chalicelib.store.models.moderation import Ban, Decision
from tests.support.feed import end, news
from tests.support.people import Fan
from tests.support.stack import Agency, Stack, eventually
from tests.words.test_disguises import WAYS

INSULT = "You absolute wankers"
DISGUISES = (
    "spaced", "dotted", "hyphens", "cyrillic", "full width", "mathematical bold", "combining strokes", "soft hyphen",
    "zero width", "hashtag", "capitals", "repeated vowels",
)  # fmt: skip
HIDE = [{"do": "hide"}, {"do": "strike", "weight": 1}, {"do": "label", "label": "insult"}]
INSULTS = {"all": [{"field": "category", "is": ["insult", "hate"]}, {"field": "surface", "is": "comment"}]}


@pytest.fixture
def brand(stack: Stack) -> Agency:
    return stack.brand()


def live(brand: Agency, when: Any = INSULTS, then: Any = HIDE, **more: Any) -> dict[str, Any]:
    """A rule of the brand that is at work."""
    said = {"brand": brand.brand, "name": "Insults", "clause": "respect.insults", "when": when, "then": then, **more}
    rule: dict[str, Any] = brand.owner.post("/rules", said)
    brand.owner.post(f"/rules/{rule['id']}/state", {"state": "live", "despite": "Tried by hand."})
    return rule


def decided(brand: Agency, message: dict[str, Any]) -> Any:
    path = f"/messages/{message['id']}/decisions"
    return eventually(lambda: [row for row in brand.owner.get(path)["items"] if row["state"] != "planned"])[0]


def test_insult_is_hidden_explained_and_shown_again(stack: Stack, brand: Agency) -> None:
    rule = live(brand)
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(INSULT))
    hidden = eventually(lambda: answer if (answer := brand.owner.get(f"/messages/{message['id']}"))["hidden"] else None)
    decision = decided(brand, hidden)
    assert (decision["by"], decision["state"], decision["strike"]) == ("rules", "done", 1)
    assert rule["id"] in [match["rule"] for match in decision["rules"] if match["live"]]
    assert [span["text"] for span in decision["findings"][0]["spans"]] == ["wankers"]
    assert brand.owner.get(f"/conversations/{message['conversation']}")["labels"] == ["insult"]
    for since, ids in ((decision["at"], [decision["id"]]), (clock.text(clock.now() + clock.HOUR), [])):
        listed = brand.owner.get(f"/brands/{brand.brand}/decisions", since=since)["items"]
        assert [row["id"] for row in listed] == ids
    undone = brand.owner.post(f"/decisions/{decision['id']}/undo", {"reason": "A joke among friends."})
    assert undone["state"] == "undone"
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]


def test_insult_is_hidden_in_each_disguise_and_a_word_that_looks_like_it_stays(stack: Stack, brand: Agency) -> None:
    live(brand, per_minute=1000)
    fan = Fan(stack.connect("facebook", brand))
    texts = {way: f"You absolute {WAYS[way]('wankers')}!" for way in DISGUISES}
    said = {way: fan.says(text) for way, text in {**texts, "no insult": "You absolute winners!"}.items()}

    def hidden() -> set[str]:
        shown = {message["network_id"] for message in fan.channel.messages() if message["hidden"]}
        return {way for way, id in said.items() if id in shown}

    assert len(DISGUISES) == 12
    eventually(lambda: set(DISGUISES) <= hidden())
    assert hidden() == set(DISGUISES)


def test_decisions_of_several_brands_are_one_list_of_what_the_reader_moderates(stack: Stack, brand: Agency) -> None:
    other, third = stack.brand(), stack.brand()
    reader = stack.someone(stack.ours, "moderator", [brand.brand, other.brand])
    made = []
    for each in (brand, other, third, brand):
        fan = Fan(stack.connect("facebook", each))
        made.append(decided(each, fan.channel.message(fan.says(INSULT))))
    made.pop(2)
    ids = [decision["id"] for decision in reader.every("/decisions", limit=1, since=made[0]["at"], state="noted")]
    assert ids == [decision["id"] for decision in reversed(made)]
    rule = made[1]["rules"][0]["rule"]
    assert [decision["id"] for decision in reader.every("/decisions", rule=rule)] == [made[1]["id"]]
    assert reader.every("/decisions", rule=rule, brand=brand.brand) == reader.every("/decisions", state="done") == []
    assert reader.call("GET", "/decisions", brand=third.brand).problem == (404, "not_found")
    client = stack.someone(stack.ours, "client", [brand.brand])
    assert client.call("GET", "/decisions").problem == (403, "forbidden")


def test_starter_rules_of_a_new_brand_only_note(stack: Stack, brand: Agency) -> None:
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(INSULT))
    decision = decided(brand, message)
    assert (decision["state"], decision["acts"]) == ("noted", [])
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]


def test_direct_message_is_queued_where_a_comment_is_hidden_and_a_person_decides(stack: Stack, brand: Agency) -> None:
    """MO-21"""
    live(brand, INSULTS["all"][0], HIDE)
    fan = Fan(stack.connect("telegram", brand))
    message = fan.channel.message(fan.says(INSULT))
    case = eventually(lambda: brand.owner.post("/cases/next", {"brand": brand.brand})["case"])
    assert (case["message"], case["category"], case["proposed"]) == (message["id"], "insult", "hide")
    other = stack.someone(stack.ours, "moderator", [brand.brand])
    assert other.post("/cases/next", {})["case"] is None
    assert other.call("POST", f"/cases/{case['id']}/decide", {"act": "nothing"}).problem == (409, "claimed")
    done = brand.owner.post(f"/cases/{case['id']}/decide", {"act": "nothing", "reason": "That is how they talk."})
    assert (done["state"], done["outcome"]["acts"]) == ("done", ["nothing"])
    assert other.call("POST", f"/cases/{case['id']}/decide", {"act": "nothing"}).problem == (409, "decided")


def test_rule_that_hides_too_much_brakes_and_leaves_the_rest_to_people(stack: Stack, brand: Agency) -> None:
    """MO-29"""
    rule, began = live(brand, per_minute=1), end(brand.owner)
    fan = Fan(stack.connect("facebook", brand))
    for _ in range(3):
        fan.says(INSULT)
    braked = eventually(
        lambda: answer if (answer := brand.owner.get(f"/rules/{rule['id']}"))["state"] == "shadow" else None
    )
    assert (braked["version"], braked["live"]) == (rule["version"], None)
    [case, *_] = eventually(lambda: brand.owner.get("/cases", brand=brand.brand)["items"])
    assert (case["why"], case["proposed"]) == (["braked"], "hide")
    assert [
        event["target"] for event in eventually(lambda: news(brand.owner, began, type="rule.braked", brand=brand.brand))
    ] == [rule["id"]]
    every = brand.owner.get(f"/brands/{brand.brand}/decisions", rule=rule["id"])["items"]
    hidden = [act for decision in every for act in decision["acts"] if (act["do"], act["state"]) == ("hide", "done")]
    assert 1 <= len(hidden) <= 2  # a minute may end between two


def test_edit_is_judged_anew_and_each_text_once(stack: Stack, brand: Agency) -> None:
    live(brand)
    fan = Fan(stack.connect("facebook", brand))
    said = fan.says("Hello there")
    message = fan.channel.message(said)
    assert brand.owner.get(f"/messages/{message['id']}/decisions")["items"] == []
    fan.does("edits", said, INSULT, at=fan.times[said] + 1000)
    decision = decided(brand, message)
    assert (decision["state"], decision["acts"][0]["do"]) == ("done", "hide")
    assert brand.owner.get(f"/messages/{message['id']}")["hidden"]


def test_network_that_refuses_leaves_it_to_a_person(stack: Stack, brand: Agency) -> None:
    live(brand)
    fan = Fan(stack.connect("facebook", brand))
    fan.channel.fails("rejected", "is_hidden")
    message = fan.channel.message(fan.says(INSULT))
    decision = decided(brand, message)
    assert (decision["state"], decision["acts"][0]["state"]) == ("done", "refused")
    [case] = eventually(lambda: brand.owner.get("/cases", brand=brand.brand)["items"])
    assert (case["why"], case["proposed"]) == (["network_rejected"], "hide")
    strike = next(act for act in decision["acts"] if act["do"] == "strike")
    assert (strike["state"], strike["code"]) == ("refused", "waits_for_a_person")


def test_comment_that_its_network_shows_still_waits_for_a_person_and_counts_against_nobody(
    stack: Stack, brand: Agency
) -> None:
    """MO-16"""
    live(brand)
    channel = stack.connect("instagram", brand)
    shown = {"path": "1795[0-9]+$", "method": "GET", "token": channel.token, "body": '{"hidden": false}', "times": 3}
    stack.behave("instagram", "serve", **shown)
    channel.tell("comment", text=INSULT)
    message = eventually(channel.messages)[0]
    acts = {act["do"]: act for act in decided(brand, message)["acts"]}
    assert (acts["hide"]["state"], acts["hide"]["code"]) == ("refused", "not_applied")
    assert acts["strike"]["code"] == "waits_for_a_person"
    [case] = eventually(lambda: brand.owner.get("/cases", brand=brand.brand)["items"])
    assert (case["why"], case["proposed"]) == (["not_applied"], "hide")
    assert brand.owner.call("POST", f"/messages/{message['id']}/hide", {}).problem == (409, "not_applied")
    decide = {"act": "hide", "clause": "respect.insults"}
    assert brand.owner.call("POST", f"/cases/{case['id']}/decide", decide).problem == (409, "not_applied")
    assert not brand.owner.get(f"/messages/{message['id']}")["hidden"]


@pytest.mark.parametrize(("act", "stays_hidden"), [("nothing", False), ("hide", True)])
def test_sample_of_what_a_rule_hid_is_judged_by_a_person(
    stack: Stack, brand: Agency, act: str, stays_hidden: bool
) -> None:
    live(brand, sample_percent=100)
    fan = Fan(stack.connect("facebook", brand))
    message = fan.channel.message(fan.says(INSULT))
    case = eventually(lambda: brand.owner.post("/cases/next", {"brand": brand.brand})["case"])
    assert (case["why"], case["proposed"], case["message"]) == (["sample"], None, message["id"])
    brand.owner.post(f"/cases/{case['id']}/decide", {"act": act})
    assert brand.owner.get(f"/messages/{message['id']}")["hidden"] is stays_hidden
    assert brand.owner.get(f"/decisions/{case['decision']}")["state"] == ("done" if stays_hidden else "undone")


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(("strike", "cases"), [("planned", 0), ("done", 1)])
def test_sample_is_offered_once_all_is_done(strike: str, cases: int) -> None:
    rule = Rule("rul_1", 1, True, "c", 2, {"field": "link", "is": True}, (Act("hide"),), sample_percent=100)
    kept = [{"do": "hide", "state": "done", "rule": "rul_1"}, {"do": "strike", "state": strike, "rule": "rul_1"}]
    talk = f"cnv_{'1' * 20}"
    decision = Decision(
        f"agc_1#{talk}", "decision#dec_1", id="dec_1", brand="brd_1", conversation=talk, message="msg_1"
    )
    assert len(acts.sampling(decision, kept, {"rul_1": rule}, 0)) == cases


def test_share_of_samples_is_what_the_rule_says() -> None:
    drawn = sum(samples.is_drawn(f"dec_{number}", 5) for number in range(10_000))
    assert 400 < drawn < 600
    assert not any(samples.is_drawn(f"dec_{number}", 0) for number in range(100))


def test_first_message_of_each_person_is_told_also_under_one_comment(stack: Stack, brand: Agency) -> None:
    live(brand, {"field": "first_message", "is": True}, [{"do": "label", "label": "first"}])
    ana = Fan(stack.connect("facebook", brand))
    first = ana.channel.message(ana.says("Hello"))
    ben = Fan(ana.channel, top=ana.top)
    ben_first, again = (ana.channel.message(fan.says("Hello again")) for fan in (ben, ana))
    assert ben_first["conversation"] == first["conversation"]
    for message in (first, ben_first):
        assert decided(brand, message)["acts"][0]["do"] == "label"
    assert brand.owner.get(f"/messages/{again['id']}/decisions")["items"] == []


def test_rule_proposes_a_ban_once_and_a_person_approves_it(stack: Stack, brand: Agency) -> None:
    live(brand, then=[{"do": "propose_ban", "days": 30}])
    fan = Fan(stack.connect("facebook", brand))
    for _ in range(2):
        decided(brand, fan.channel.message(fan.says(INSULT)))
    [ban] = brand.owner.get("/bans", brand=brand.brand)["items"]
    assert (ban["state"], ban["clause"], bool(ban["until"])) == ("proposed", "respect.insults", True)
    with fence.within(brand.id):  # nobody looked for so long that the days would be over, had they begun
        table.update(Ban(keys.within(brand.id, brand.brand), keys.BANS + ban["id"]), [Ban.until.set(1)])
    active = brand.owner.post(f"/bans/{ban['id']}/approve", {})
    assert active["state"] == "active"
    assert clock.parse(active["until"]) - clock.now() == pytest.approx(30 * clock.DAY, abs=clock.MINUTE)
    with fence.within(brand.id):
        assert {*banned.load(brand.id, brand.brand).contacts.values()} == {clock.parse(active["until"])}
        bans.end(actors.system(brand.id), ban["id"], 1, clock.now())  # the time before means nothing now
        assert brand.owner.get(f"/bans/{ban['id']}")["state"] == "active"
        bans.end(actors.system(brand.id), ban["id"], clock.parse(active["until"]), clock.now())
    assert brand.owner.get(f"/bans/{ban['id']}")["state"] == "ended"


def test_replies_are_approved_where_a_rule_wants_that_until_a_person_lifts_it(stack: Stack, brand: Agency) -> None:
    live(brand, then=[{"do": "require_approval"}])
    owner, fan = brand.owner, Fan(stack.connect("facebook", brand))
    conversation = fan.starts(INSULT)["id"]
    path = f"/conversations/{conversation}"
    eventually(lambda: owner.get(path)["approval_required"])
    assert owner.post("/replies/check", {"conversation": conversation, "text": "Hello"})["needs"]["count"] == 1
    reply = owner.post(f"{path}/replies", {"text": "Hello"})
    assert (reply["status"], reply["needs"]["count"]) == ("pending", 1)
    moderator = stack.someone(stack.ours, "moderator", [brand.brand])
    assert moderator.call("PATCH", path, {"approval_required": False}).problem == (403, "cannot_change")
    assert not owner.patch(path, {"approval_required": False})["approval_required"]
    again = owner.post(f"/replies/{reply['id']}/withdraw") and owner.post(f"{path}/replies", {"text": "Hello"})
    assert again["needs"]["count"] == 0


IN_EACH_LANGUAGE = ["Tu es un connard", INSULT, "Eres un gilipollas", "Du bist ein Arschloch", "Você é um babaca"]


def test_plain_insult_in_each_of_the_five_languages_is_hidden(stack: Stack, brand: Agency) -> None:
    live(brand, then=[{"do": "hide"}])
    fan = Fan(stack.connect("facebook", brand))
    for text in IN_EACH_LANGUAGE:
        fan.says(text)
    eventually(lambda: [message["hidden"] for message in fan.channel.messages()] == [True] * len(IN_EACH_LANGUAGE))


def test_threat_waits_a_quarter_of_an_hour_at_most(stack: Stack, brand: Agency) -> None:
    live(brand, {"field": "category", "is": "threat"}, [{"do": "queue"}])
    Fan(stack.connect("facebook", brand)).says("I will kill you tonight")
    [case] = eventually(lambda: brand.owner.get("/cases", brand=brand.brand)["items"])
    waits = clock.parse(case["due_at"]) - clock.parse(case["at"])
    assert (case["category"], waits, case["overdue"]) == ("threat", 15 * clock.MINUTE, False)
    path = f"/conversations/{case['conversation']}/messages"
    eventually(lambda: [(row["masked"], row["severity"]) for row in brand.owner.get(path)["items"]] == [(True, 4)])
