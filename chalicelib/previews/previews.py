"""What would happen to a reply: everything that prevents it, in total and for each way to answer. Nothing is stored or
sent.

The same functions refuse real replies. A file at an address is not fetched, its description counts; an upload is looked
at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from chalicelib import clock, errors
from chalicelib.access.actors import Actor
from chalicelib.brands import brands, settings
from chalicelib.editorial import verdicts
from chalicelib.editorial.verdicts import Verdict
from chalicelib.inbox import conversations, outgoing_files
from chalicelib.networks import base, contents
from chalicelib.plans import gates
from chalicelib.replies import compose, policy, requirements, sendability, staleness
from chalicelib.replies.compose import Content
from chalicelib.replies.sendability import Place, Sendability
from chalicelib.store.models.inbox import Conversation

Json = Mapping[str, Any]
NEEDS_TEMPLATE = errors.Invalid("Only a template can be sent this way.", code="template_needed", field="template")


@dataclass(frozen=True)
class File:
    """A file of the reply, or the problem with it. `index` is its place among the attachments."""

    index: int
    media: base.Media | None = None
    problem: errors.Problem | None = None


@dataclass(frozen=True)
class Preview:
    """A reply that somebody considers. `seen` is the last message that they saw."""

    actor: Actor
    conversation: Conversation
    content: Content
    files: Sequence[File]
    now: int
    official: bool = False
    seen: str | None = None

    @cached_property
    def network(self) -> base.Network:
        return conversations.network_of(self.conversation)

    @cached_property
    def place(self) -> Place:
        return sendability.place_of(self.actor, self.conversation)

    @cached_property
    def allowed(self) -> Sendability:
        return sendability.of(self.network.capabilities, self.place, self.now)

    @cached_property
    def needs(self) -> Json | None:
        """The approvals that it would need; None if it would go at once."""
        brand = brands.find(self.actor.agency, self.conversation.brand)
        private = self.content.private or self.conversation.surface == "dm"
        rules = settings.of(brand.settings).replies.rules
        needs = policy.required(self.actor, brand.id, rules, private=private, official=self.official)
        if self.conversation.approval_required or (self.verdict and self.verdict.asks):
            needs = replace(needs, count=max(needs.count, 1))
        return asdict(needs) if needs.count else None

    @cached_property
    def verdict(self) -> Verdict | None:
        """What the brand's line has against it; None if there is no line."""
        return requirements.line_on(self.content, self.conversation, official=self.official)

    @property
    def way(self) -> str:
        """The way to answer that is asked for."""
        asked = {"template": self.content.template, "private_reply": self.content.private, "tag": self.content.tag}
        return next((way for way, is_asked in asked.items() if is_asked), "reply")

    def say(self, content: Content) -> base.Say:
        """The content without anything that has to be looked up."""
        return base.Say(
            thread=self.conversation.thread, surface=base.surface(self.conversation.surface), text=content.text,
            attachments=content.attachments, private=content.private, template=content.template,
            context={"tag": content.tag} if content.tag else {},
        )  # fmt: skip


def of(actor: Actor, conversation: Conversation, body: Json, now: int) -> Preview:
    """`body` is in the form of the API."""
    files = [_file(actor.agency, number, entry, now) for number, entry in enumerate(body.get("attachments", ()))]
    content = compose.changed(Content(), {**body, "attachments": ()})
    content = replace(content, attachments=tuple(file.media for file in files if file.media))
    return Preview(actor, conversation, content, files, now, body.get("official", False), body.get("seen"))


def _file(agency: str, index: int, entry: Json, now: int) -> File:
    try:
        return File(index, base.Media(**outgoing_files.with_upload(agency, entry, now, keep=False)))
    except errors.Problem as problem:
        return File(index, problem=problem)


def objections(preview: Preview) -> list[errors.Problem]:
    """Everything that prevents the reply as requested, each code once, in the order in which callers get them."""
    actor, conversation, now = preview.actor, preview.conversation, preview.now
    problems = [
        *errors.raised(lambda: gates.check(actor, "work", now)),
        *(file.problem for file in preview.files if file.problem),
        *errors.raised(
            lambda: compose.address(actor, conversation, preview.content),
            lambda: brands.at_work(actor.agency, conversation.brand),
            lambda: staleness.refuse_unseen(actor, conversation, preview.seen),
        ),
        *sendability.objections(actor, conversation, preview.say(preview.content), now),
        *([verdicts.refusal_for(preview.verdict)] if preview.verdict and preview.verdict.blocks else []),
        *_unpaid(preview),
    ]
    if any(file.problem for file in preview.files) and not preview.content.attachments:
        # There are attachments, even if all of them have problems.
        problems = [problem for problem in problems if problem.code != "empty"]
    return list({problem.code: problem for problem in reversed(problems)}.values())[::-1]


def _unpaid(preview: Preview) -> Iterator[errors.Problem]:
    """What the subscription has against sending. A reply that needs approvals is sent by whoever gives the last one."""
    if preview.needs is None:
        yield from errors.raised(
            lambda: gates.check(preview.actor, "outbound", preview.now),
            lambda: gates.check_allows_charges(preview.actor, preview.network, preview.now),
        )


def view(preview: Preview) -> Json:
    problems = objections(preview)
    said = preview.say(preview.content)
    return {
        "can": not problems,
        "way": preview.way,
        "problems": [_problem(problem) for problem in problems],
        "needs": preview.needs,
        "line": verdicts.view(preview.verdict) if preview.verdict else None,
        "messages": len(preview.network.parts(said)),
        "ways": [_way_view(preview, *candidate) for candidate in _candidates(preview)],
    }


def _candidates(preview: Preview) -> Iterator[tuple[str, Content]]:
    """Each way to answer that the network has on that surface, and the content as it would be sent that way."""
    content, can, surface = preview.content, preview.network.capabilities, preview.place.surface
    free = replace(content, private=False, tag=None, template=None)
    if surface in can.reply:
        yield "reply", free
    if surface in can.private_reply:
        yield "private_reply", replace(free, private=True)
    if can.tags and surface in can.window:
        tag = content.tag or next(iter(preview.allowed.tags), next(iter(can.tags)))
        yield "tag", replace(free, tag=tag)
    if can.templates and surface == "dm":
        yield "template", replace(content, private=False, tag=None)


def _way_view(preview: Preview, way: str, content: Content) -> Json:
    say, can = preview.say(content), preview.network.capabilities
    surface = contents.surface_of(say)
    counted = contents.length(can, surface, content.text)
    problems = list(_way_problems(preview, way, say))
    allowed, tag = preview.allowed, say.context.get("tag", "")
    is_open = allowed.allows(template=way == "template", private=say.private, tag=tag)
    until = allowed.ways.get(way, 0)
    return {
        "way": way,
        "can": not problems,
        "problems": [_problem(problem) for problem in problems],
        "until": clock.text(until) if until else None,
        "why": None if is_open else allowed.why or "window_closed",
        "reopens": None if is_open else allowed.reopens or None,
        "text": asdict(counted),
        "media": [_shown(can, surface, file) for file in preview.files],
    }


def _way_problems(preview: Preview, way: str, say: base.Say) -> Iterator[errors.Problem]:
    can = preview.network.capabilities
    yield from errors.raised(lambda: policy.check_may_answer(preview.actor, preview.conversation, private=say.private))
    if way == "template" and say.template is None:
        yield NEEDS_TEMPLATE
        return
    yield from (file.problem for file in preview.files if file.problem)
    yield from contents.objections(can, say)
    yield from sendability.hindrances(can, preview.place, say, preview.now)


def _shown(can: base.Capabilities, surface: base.Surface, file: File) -> Json:
    """A file, the reason why it cannot be sent that way, and what the network accepts."""
    problem = file.problem or (contents.to_file(can, surface, file.media) if file.media else None)
    limit = can.media.get(file.media.kind) if file.media and surface in can.media_surfaces else None
    return {
        "index": file.index,
        "kind": file.media.kind if file.media else None,
        "mime": file.media.mime or None if file.media else None,
        "size": file.media.size or None if file.media else None,
        "code": problem.code if problem else None,
        "detail": problem.detail if problem else None,
        "most_bytes": limit.bytes if limit else None,
        "types": list(limit.types) if limit else [],
    }


def _problem(problem: errors.Problem) -> Json:
    return {
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail or None,
        "field": problem.field or None,
    }
