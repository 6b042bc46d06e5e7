"""`make demo`: a short day of a brand, played on the running stack and watched as it happens."""

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from local import one_network, payer, rules, teamwork
from local.day import CONNECTIONS, Day, Json, Missing
from local.follower import Follower
from local.receiver import Receiver, out_of_order, twice
from local.screen import Screen
from local.stage import here

BURST = 200


def terminal(day: Day, follower: Follower) -> None:
    day.screen.step("A terminal opens a socket and follows the day. What it is told is shown below the inbox.")
    follower.plug()


def _line(event: Json) -> str:
    message = (event["data"] or {}).get("message")
    words = f" “{message['preview']}”" if message and message["preview"] else ""
    return f"{event['at'][11:19]}  {event['type']}{words}"


def comment(day: Day) -> None:
    day.screen.step("Ana asks under a post on Instagram. The webhook is verified, kept, answered; then it is applied.")
    day.arrives("instagram", "comment", person=day.someone(), username="ana.silva", text="Do you deliver on Sundays?")
    if day.waits[0] > 1:
        day.screen.note("That was the functions' first call, which has to start them.")


def picture(day: Day) -> None:
    day.screen.step(
        "Bruno sends a picture. Instagram's address of it expires, so the file is copied in the background."
    )
    url = f"{day.double}/instagram/lookaside.fbsbx.com/1.gif"
    conversation = day.arrives("instagram", "dm_with_image", person=day.someone(), url=url)

    def copied() -> Json | None:
        (attachment,) = day.message(conversation)["attachments"]
        return attachment if attachment.get("state") == "stored" else None

    file = day.until("The copy of the picture", copied)
    day.screen.note(f"Copied to our bucket: {file['mime']}, {file['size']} bytes, told by its content.")


def question(day: Day) -> None:
    day.screen.step("Chiara asks something on WhatsApp.")
    chiara = day.someone()
    text = "Is there a table for six tonight?"
    conversation = day.arrives("whatsapp", "dm", person=chiara, name="Chiara", text=text)
    day.screen.step(
        "The community manager reads it, and answers. The reply is accepted at once, and sent exactly once."
    )
    began, path = time.time(), f"/conversations/{conversation['id']}"
    day.post("community_manager", f"{path}/read", {})
    reply = day.post("community_manager", f"{path}/replies", {"text": "Yes, at eight. Shall we keep it for you?"})
    _follow(day, reply, "sent")
    call = day.sent("whatsapp", began)
    day.screen.note(f"WhatsApp was sent {call['method']} {call['path']} with “{call['json']['text']['body']}”")
    day.screen.step("WhatsApp tells what becomes of it. A status only moves forward.")
    for status in ("delivered", "read"):
        day.posts("whatsapp", status, id=day.message(conversation)["network_id"], person=chiara)
        _follow(day, reply, status)


def _follow(day: Day, reply: Json, wanted: str) -> None:
    began = time.monotonic()

    def arrived() -> bool:
        return str(day.get(f"/replies/{reply['id']}")["status"]) == wanted

    day.until(f"The reply's status {wanted!r}", arrived)
    day.screen.note(f"The reply is {wanted} after {time.monotonic() - began:.2f} s.")


def insult(day: Day) -> None:
    day.screen.step(
        "Somebody insults the cook under an ad on Facebook. A moderator hides it, on Facebook as well as here."
    )
    fields = {"person": day.someone(), "name": "Dario", "text": "Your cook is a donkey!"}
    conversation = day.arrives("facebook", "comment_on_ad", id=day.someone(), **fields)
    began = time.time()
    hidden = day.post("moderator", f"/messages/{day.message(conversation)['id']}/hide", {})
    call = day.sent("facebook", began)
    day.screen.note(f"Facebook was sent {call['method']} {call['path']}; hidden: {hidden['hidden']}")
    day.screen.note(f"What is said under ads is found by itself: paid: {conversation['paid']}")
    if not hidden["hidden"]:
        raise Missing("The insult was not hidden.")


def correction(day: Day) -> None:
    day.screen.step("Elena comments, then corrects herself. What she said first is kept.")
    fields = {"person": day.someone(), "name": "Elena", "id": day.someone(), "at": int(time.time())}
    conversation = day.arrives("facebook", "comment", text="Best tiramisu in twon!", **fields)
    day.posts("facebook", "comment", verb="edited", text="Best tiramisu in town!", **fields)

    def edited() -> Json | None:
        message = day.message(conversation)
        return message if message["edited_at"] else None

    message = day.until("The edit", edited)
    day.screen.note(f"Now “{message['text']}”, before “{message['revisions'][0]['text']}”")

    day.screen.step("Facebook posts Elena's comment once more, as networks do. Nothing may change.")
    before, known = (day.get(f"/conversations/{conversation['id']}"), message), len(_deliveries(day))
    day.posts("facebook", "comment", text="Best tiramisu in twon!", **fields)
    day.until("The second delivery", lambda: len(_deliveries(day)) > known)
    after = day.get(f"/conversations/{conversation['id']}"), day.message(conversation)
    if before != after:
        raise Missing("A delivery that came twice changed something.")
    day.screen.note(f"Delivered twice, there once, {after[0]['unread']} unread: nothing changed.")


def _deliveries(day: Day) -> list[Json]:
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 300))
    entries: list[Json] = day.get("/ingest/entries", since=since, network="facebook", limit=100)["items"]
    return entries


def unplugged(day: Day, follower: Follower) -> None:
    day.screen.step("Somebody trips over the terminal's cable. It was told of everything so far.")
    day.until("The end of the events", lambda: not follower.lacks(), seconds=60, every=1)
    day.screen.note(f"{len(follower.told)} events came through the socket, each once.")
    follower.unplug()


def plugged_in(day: Day, follower: Follower) -> None:
    day.screen.step("The terminal is plugged in again, and goes on where it was.")
    began = time.monotonic()
    missed = follower.plug()
    day.screen.note(f"It read {missed} events that it missed, in {time.monotonic() - began:.1f} s.")
    day.until("The end of the events", lambda: not follower.lacks(), seconds=60, every=1)
    received = [event for event in follower.told.values() if event["type"] == "message.received"]
    day.screen.note(f"Of the log it lacks nothing: {len(follower.told)} events, {len(received)} of them messages.")


def receiver_down(day: Day, receiver: Receiver) -> None:
    day.screen.step("The agency's own program, to which webhooks are delivered, goes down as well.")
    day.until("A delivery", receiver.taken)
    day.screen.note(f"So far it took {len(receiver.taken())} events.")
    receiver.goes_down()


def receiver_back(day: Day, follower: Follower, receiver: Receiver) -> None:
    day.screen.step("The program is back. It gets all that it missed, each once and in the order of each conversation.")
    day.screen.note(f"Meanwhile it was left alone, but for {receiver.refused()} tries.")
    began = time.monotonic()
    receiver.comes_back()
    received = {event["id"] for event in follower.told.values() if event["type"] == "message.received"}

    def took_all() -> bool:
        return received <= {event["id"] for event in receiver.taken()}

    day.until("The delivery of what was missed", took_all, seconds=120, every=1)
    taken = receiver.taken()
    if twice(taken) or out_of_order(taken, list(follower.told.values())):
        raise Missing("Something was delivered twice, or in another order.")
    day.screen.note(f"It took {len(taken)} events by now, none twice, after {time.monotonic() - began:.0f} s.")
    receiver.leaves()


def burst(day: Day) -> None:
    day.screen.step(f"A dish goes viral: {BURST} people write on Messenger at once. Each of them must be there, once.")
    known = set(day.everyone("messenger"))
    began = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as fans:
        posts = [
            fans.submit(day.posts, "messenger", "dm", person=person, text="Where is it?")
            for person in [day.someone() for _ in range(BURST)]
        ]

        def all_there() -> bool:
            taken = [post.result() for post in posts if post.done()]
            arrived = [id for id in day.everyone("messenger") if id not in known]
            day.inbox()
            day.screen.count({"webhooks taken": len(taken), "in the inbox": len(arrived)}, BURST)
            return len(arrived) >= BURST

        day.until(f"The arrival of all {BURST}", all_there, seconds=120, every=0.5)
    arrived = [id for id in day.everyone("messenger") if id not in known]
    day.screen.note(f"{len(arrived)} of {BURST} are in the inbox after {time.monotonic() - began:.0f} s.")
    if len(arrived) != BURST or len(set(arrived)) != BURST:
        raise Missing("The burst left a message out, or kept one twice.")


def story(follower: Follower, receiver: Receiver) -> tuple[Callable[[Day], None], ...]:
    """The chapters, in their order."""
    return (
        partial(terminal, follower=follower), comment, picture, question, insult, correction, rules.rules,
        *teamwork.STORY,
        partial(unplugged, follower=follower), partial(receiver_down, receiver=receiver), burst,
        partial(plugged_in, follower=follower), partial(receiver_back, follower=follower, receiver=receiver),
        payer.story,
    )  # fmt: skip


def main(network: str = "") -> int:
    """Plays the story, or one network's part; 0 if everything in it happened."""
    screen = Screen()
    day = Day(here(), screen)
    try:
        with screen:
            if network:
                one_network.play(day, network)
            else:
                follower = Follower(day, lambda event: screen.hear(_line(event)))
                for chapter in story(follower, Receiver(day)):
                    chapter(day)
    except Missing as what:
        screen.end(f"{what} The logs are in .local/logs.", well=False)
        return 1
    if network:
        screen.end("All as it should be.", well=True)
        return 0
    typical = statistics.median(day.waits)
    screen.end(
        f"All as it should be. From a webhook to the inbox: {typical:.2f} s (median of {len(day.waits)}).", well=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
