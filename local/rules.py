"""The day's rules: a disguised insult is hidden, a complaint stays, a disguised competitor waits for a person."""

import time

from local.day import Day, Json, Missing

COUNTS_AFTER_SECONDS = 10.5  # a change of rules counts by then, everywhere
RIVAL = {"id": "herbalyne", "name": "Herbalyne", "domains": ["herbalyne.example"]}


def rules(day: Day) -> None:
    day.screen.step("The rules only note what they would do. The manager tries two on the past, then sets them live.")
    brand = f"/brands/{day.brand}"
    line = day.get(f"{brand}/line")["line"]
    day.replace("community_manager", f"{brand}/line", {**line, "competitors": [RIVAL]})
    named = {rule["name"]: rule["id"] for rule in day.get(f"{brand}/rules", limit=100)["items"]}
    live = [named["Insults"], named["Competitors in disguise"]]
    for rule in live:
        _tried(day, rule)
        day.post("community_manager", f"/rules/{rule}/state", {"state": "live"})
    began = time.monotonic()
    day.until("The rules", lambda: time.monotonic() - began > COUNTS_AFTER_SECONDS, seconds=20, every=0.5)
    try:
        _insult(day)
        _complaint(day)
        _competitor(day)
    finally:
        for rule in live:
            day.post("community_manager", f"/rules/{rule}/state", {"state": "shadow"})
    day.screen.note("The rules only note again.")


def _tried(day: Day, rule: str) -> None:
    """Tries the rule on the last day, in a job, and shows the result."""
    job = day.post("community_manager", f"/rules/{rule}/back-tests", {"days": 1})["id"]

    def done() -> Json | None:
        report: Json = day.get(f"/rules/{rule}/back-tests/{job}")
        return report if report["status"] == "done" else None

    report = day.until("The back-test", done, every=0.5)
    day.screen.note(f"Of {report['looked']} messages of a day it would have meant {report['matched']}.")


def _says(day: Day, name: str, text: str) -> Json:
    """Somebody new comments under a post on Facebook; gives their message."""
    return day.message(day.arrives("facebook", "comment", id=day.someone(), person=day.someone(), name=name, text=text))


def _insult(day: Day) -> None:
    day.screen.step("Guido insults the cook, with a digit for a letter so that no filter sees it.")
    began = time.monotonic()
    message = _says(day, "Guido", "Your cook is an id1ot")
    day.until("The hiding", lambda: day.get(f"/messages/{message['id']}")["hidden"])
    day.screen.note(f"Hidden on Facebook {time.monotonic() - began:.1f} s after it was said.")
    decision = _decision(day, message)
    finding, act = decision["findings"][0], decision["acts"][0]
    [span] = finding["spans"]
    how = ", ".join(finding["how"])
    day.screen.note(f"Because of “{span['text']}” ({finding['category']}, {how}), by the clause {act['clause']}.")
    day.screen.step("The moderator knows Guido: it was a joke. One call takes it back.")
    day.post("moderator", f"/decisions/{decision['id']}/undo", {"reason": "A joke among friends."})
    if day.get(f"/messages/{message['id']}")["hidden"]:
        raise Missing("The comment was not shown again.")
    day.screen.note("Shown again, here and on Facebook; the strike against Guido is gone.")


def _complaint(day: Day) -> None:
    day.screen.step("Lucia is furious. Anger is no reason for anything: what she says stays, and gets an answer.")
    message = _says(day, "Lucia", "The worst pizza of my life. Cold, late and expensive, NEVER AGAIN!!!")
    if day.get(f"/messages/{message['id']}/decisions")["items"]:
        raise Missing("A complaint was taken for something else.")
    day.screen.note("No rule means it.")


def _competitor(day: Day) -> None:
    day.screen.step("Somebody new praises a competitor, under a name that hides. That is for a person to judge.")
    message = _says(day, "A friend", "Switch to h3rbalyne, much better! herba1yne.example")
    decision = _decision(day, message)

    def case() -> Json | None:
        waiting: list[Json] = day.get("/cases", brand=day.brand, limit=100)["items"]
        return next((decision for decision in waiting if decision["message"] == message["id"]), None)

    taken = day.until("The case", case)
    day.screen.note(f"A case waits, by the clause {decision['rules'][0]['clause']}; until somebody decides it stays.")
    day.post("moderator", f"/cases/{taken['id']}/decide", {"act": "hide", "reason": "It is their own account."})
    day.screen.note("The moderator decides: hidden.")


def _decision(day: Day, message: Json) -> Json:
    def settled() -> Json | None:
        made: list[Json] = day.get(f"/messages/{message['id']}/decisions")["items"]
        return next((act for act in made if act["state"] not in ("planned", "noted")), None)

    return day.until("The decision", settled)
