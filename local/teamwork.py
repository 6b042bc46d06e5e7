"""The day's second half: several people work on one conversation, what each may do, and the audit of what they did."""

from local.day import Day, Json, Missing


def proposal(day: Day) -> None:
    day.screen.step("Franco asks under a post on Facebook. A content creator proposes an answer, and may not send it.")
    franco, top = day.someone(), day.someone()
    conversation = day.arrives("facebook", "comment", id=top, person=franco, name="Franco", text="Is the terrace open?")
    path = f"/conversations/{conversation['id']}/replies"
    reply = day.post("content_creator", path, {"text": "Yes, until midnight!"})
    day.screen.note(f"The reply is {reply['status']}: it needs {reply['needs']['count']} approval.")
    day.screen.step("Before anybody approves, Franco writes again. What was written for his first words is stale.")
    day.posts("facebook", "comment", parent=top, person=franco, name="Franco", text="And is it heated?")
    seen = day.until("The staleness", lambda: _stale(day, reply))
    body = {"hash": seen["hash"]}
    day.screen.note(f"Approving is refused: {_refused(day, 'community_manager', reply, body)} ({seen['stale'][0]}).")
    day.screen.step("A moderator may not approve. The community manager reads what happened, and approves.")
    day.screen.note(f"The moderator is refused: {_refused(day, 'moderator', reply, body)}.")
    day.post("community_manager", f"/replies/{reply['id']}/approve", {**body, "despite": seen["latest"]})
    day.until("The sending", lambda: day.get(f"/replies/{reply['id']}")["status"] == "sent")
    day.screen.note("Approved by a second pair of eyes, and sent.")


def _stale(day: Day, reply: Json) -> Json | None:
    current: Json = day.get(f"/replies/{reply['id']}")
    return current if current["stale"] else None


def _refused(day: Day, role: str, reply: Json, body: Json) -> str:
    return day.refused(role, f"/replies/{reply['id']}/approve", body)


def collision(day: Day) -> None:
    day.screen.step("Gina writes on Telegram. The owner is answering; a manager who answers as well is told so.")
    conversation = day.arrives("telegram", "dm", user=int(day.someone()), text="Hello?")
    path, seen = f"/conversations/{conversation['id']}", day.message(conversation)["id"]
    day.post("owner", f"{path}/lease", {})
    code = day.refused("community_manager", f"{path}/replies", {"text": "Good evening!"})
    day.screen.note(f"While the owner is writing: {code}.")
    day.post("owner", f"{path}/replies", {"text": "Good evening, Gina!"})
    day.release("owner", f"{path}/lease")
    code = day.refused("community_manager", f"{path}/replies", {"text": "Good evening!", "seen": seen})
    day.screen.note(f"After the owner answered: {code}. Gina gets one answer.")


def promise(day: Day) -> None:
    day.screen.step("The brand promises an answer within an hour. From now on a clock runs for whoever writes.")
    day.settle(service_levels=[{"name": "All", "first_response": 60, "resolution": 1440, "always": True}])
    conversation = day.arrives("messenger", "dm", person=day.someone(), text="Can I bring my dog?")
    path = f"/conversations/{conversation['id']}"
    first = day.until("The clock", lambda: _clock(day, path, "first_response"))
    day.screen.note(
        f"Waiting since {conversation['waiting_since'][11:19]}, an answer is due by {first['due_at'][11:19]}."
    )
    day.post("community_manager", f"{path}/replies", {"text": "Of course, and there is water for it."})
    day.until("The end of the clock", lambda: _clock(day, path, "first_response") is None)
    day.screen.note("Answered: only the clock of the resolution runs on, until somebody resolves it.")
    day.change("community_manager", path, {"status": "resolved"})
    day.settle(service_levels=[])


def _clock(day: Day, path: str, name: str) -> Json | None:
    clocks: list[Json] = day.get(path)["clocks"]
    return next((clock for clock in clocks if clock["name"] == name), None)


def proof(day: Day) -> None:
    day.screen.step("Each of these steps is in the audit. Its chain shows that nobody changed what it says.")
    chain = day.until("The sealing of the audit", lambda: _sealed(day))
    if not chain["intact"]:
        raise Missing(f"The audit's chain is broken at {chain['broken_at']}.")
    newest = ", ".join(entry["action"] for entry in day.get("/audit", limit=6)["items"])
    day.screen.note(f"{chain['sealed']} entries, all in their place. The newest: {newest}.")


def _sealed(day: Day) -> Json | None:
    verification: Json = day.get("/audit/verification")
    return None if verification["waiting"] else verification


STORY = (proposal, collision, promise, proof)
