"""One thing of each kind in an agency, by the word that begins its address; its words are found again wherever told."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import http
from tests.support.answer_contract import Answer
from tests.support.people import Fan
from tests.support.smallest_bodies import example
from tests.support.stack import Agency, Member, Stack, eventually, number

SCOPED = (
    "brands", "channels", "conversations", "messages", "contacts", "replies", "canned-replies", "views", "rules",
    "term-lists", "cases", "decisions", "bans", "appeals", "consents", "connect-links", "templates",
)  # fmt: skip
WAITING = {"field": "waiting", "is": True}
PAST = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
WITH_ID = [route for route in http.ROUTES if "{id}" in route.path and not route.public]
# An app is for every agency that lets it in.
FOR_ALL = {("GET", "/apps/{id}"), ("PUT", "/approved-apps/{id}")}
OWN_ALONE = [route for route in WITH_ID if (route.verb, route.path) not in FOR_ALL]
OF_A_BRAND = [route for route in WITH_ID if route.path.split("/")[1] in SCOPED]


def everything(stack: Stack, agency: Agency, words: str = "A secret between us") -> dict[str, str]:
    owner, fan, name = agency.owner, Fan(stack.connect("telegram", agency)), number()
    message = fan.channel.message(fan.says(words))
    reply = fan.hears("Never tell")
    owner.post(f"/conversations/{message['conversation']}/notes", {"text": words})
    grants = [{"role": "moderator", "brands": [agency.brand]}]
    person = stack.someone(agency, "client", [agency.brand])
    made = {
        "roles": owner.post("/roles", {"name": f"Role {name}", "permissions": ["contact.view"]}),
        "api-keys": owner.post("/api-keys", {"name": f"Key {name}", "grants": grants}),
        "teams": owner.post("/teams", {"name": f"Team {name}", "members": []}),
        "canned-replies": owner.post(
            "/canned-replies", {"title": "Hours", "text": words, "brand": agency.brand, "shortcut": f"c{name}"}
        ),
        "views": owner.post("/views", {"name": "Ours", "shared": True, "brands": [agency.brand], "condition": WAITING}),
        "jobs": owner.post("/ingest/entries/replay", {**PAST, "channel": fan.channel.id}),
        "webhook-endpoints": endpoint(stack, owner),
        "apps": owner.post(
            "/apps", {"name": words, "callbacks": ["https://app.example/back"], "scopes": ["inbox.read"]}
        ),
        "sign-in-domains": owner.post("/sign-in-domains", {"domain": f"d{name}.example"}),
        "uploads": owner.post("/uploads", {"type": "image/png", "size": 1, "name": words}),
        "consents": owner.post("/consents", {"brand": agency.brand, "network": "example"}),
        "connect-links": owner.post("/connect-links", {"brand": agency.brand, "networks": ["example"], "title": words}),
        "templates": template(stack, agency),
        "invitations": owner.post("/invitations", {"email": f"p{name}@new.example", "grants": grants}),
    }
    made |= moderated(stack, agency)
    approved = owner.put(f"/approved-apps/{made['apps']['id']}", {"scopes": ["inbox.read"]})
    return {
        "approved-apps": approved["id"],
        "brands": agency.brand, "channels": fan.channel.id, "conversations": message["conversation"],
        "messages": message["id"], "contacts": message["author"]["contact"], "replies": reply["id"],
        "members": owner.get("/me")["member"], "me": person.get("/me/sessions")["items"][0]["id"],
        "requests": request(owner), **{word: answer["id"] for word, answer in made.items()},
    }  # fmt: skip


def template(stack: Stack, agency: Agency) -> Any:
    """A draft, for a channel of its own."""
    channel = stack.connect("whatsapp", agency).id
    agency.owner.post(f"/channels/{channel}/templates/sync")  # so that what the clock reads by itself is nothing new
    text = [{"type": "BODY", "text": "A secret between us"}]
    named = {"name": f"t{number()}", "language": "en", "category": "UTILITY", "components": text}
    return agency.owner.post("/templates", {"channel": channel, **named})


def moderated(stack: Stack, agency: Agency) -> dict[str, Any]:
    """A rule and a list of the agency's brand; a case that no rule has to ask for, and its decision."""
    owner, brand = agency.owner, agency.brand
    message = Fan(stack.connect("telegram", agency)).starts("I want to kill myself")["last_message"]["id"]

    def case() -> Any:
        listed = owner.every("/cases", brand=brand, limit=100)
        return next((row for row in listed if row["message"] == message), None)

    open_case = eventually(case)
    contact = owner.get(f"/messages/{message}")["author"]["contact"]
    said = {"clause": "respect.insults", "when": {"field": "link", "is": True}, "then": [{"do": "queue"}]}
    eventually(lambda: owner.get(f"/decisions/{open_case['decision']}")["state"] == "done")
    appealed = owner.post(f"/decisions/{open_case['decision']}/appeals", {"text": "A joke."})
    return {
        "appeals": appealed["appeal"],
        "term-lists": owner.post("/term-lists", {"brand": brand, "name": "Words", "entries": [f"w{number()}x"]}),
        "rules": owner.post("/rules", {"brand": brand, "name": "Links", **said}),
        "cases": open_case,
        "decisions": {"id": open_case["decision"]},
        "bans": owner.post(f"/contacts/{contact}/bans", {"clause": "respect.insults", "reason": "Again and again."}),
    }


def request(owner: Member) -> str:
    """The id of a request that changed something, once it is listed."""
    id = owner.call("POST", "/teams", {"name": f"Team {number()}", "members": []}).headers["request-id"]
    eventually(lambda: owner.get("/requests", request=id)["items"])
    return id


def endpoint(stack: Stack, owner: Member) -> Any:
    """A webhook endpoint that is told of nothing but endpoints; there may only be so many."""
    for known in owner.get("/webhook-endpoints")["items"]:
        if known["events"] == ["webhook"]:
            return known
    wanted = {"url": f"{stack.double}/receivers/{number()}", "classes": ["audit"], "events": ["webhook"]}
    return owner.post("/webhook-endpoints", wanted)


def called(member: Member, route: http.Route, things: Mapping[str, str] | str) -> Answer:
    """The route about that thing, or about the one of its kind, with the smallest body it takes."""
    id = things if isinstance(things, str) else things[route.path.split("/")[1]]
    return member.call(route.verb, route.path.replace("{id}", id), example(route.body) if route.body else None)
