"""What the network says about templates: in what it posts, and when it is asked for all of them.

What it posts may come twice, late and out of order. Of each thing the latest message counts, by the network's clock.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib import clock, errors, log, room
from chalicelib.access import actors, audit
from chalicelib.access.actors import Actor
from chalicelib.aws.queues import Task
from chalicelib.channels import channels, lookouts
from chalicelib.networks.base import Outcome, TemplateNews
from chalicelib.store import due, table
from chalicelib.store.models.channels import Channel, Template
from chalicelib.templates import templates

READ = lookouts.TEMPLATES  # the kind of task, too, that the network is asked for them
# News of these states is out of date for a template that is being rewritten.
_OLD = ("rejected", "deleted")
_SILENT = ("components", "network_id", "told")
_TEXT, _TO_READ, _READ = "components", "to read", "read"  # the texts of a notice about components
_MOST_ATTEMPTS, _PORTION = 10, 20
Changes = dict[str, Any]


def take(agency: str, channel: str, news: TemplateNews, at: int, now: int) -> None:
    """Stores what the network said about a template at `at` (ms). If the template is unknown, the channel's templates
    are read.
    """
    for _ in range(_MOST_ATTEMPTS):
        template = templates.find(agency, channel, news.name, news.language)
        if template is None:
            if news.state != "deleted":
                due.ask(agency, _next_minute(now), READ, channel)
            return
        changes = changes_by(template, news, at)
        if changes and news.is_rewritten:
            due.ask(agency, _next_minute(now), READ, channel)
        if not changes or _write(agency, template, changes, now):
            return
    raise errors.Unavailable("Others are changing the template at the same time. Try again.")


def _next_minute(now: int) -> int:
    return now - now % clock.MINUTE + clock.MINUTE


def changes_by(template: Template, news: TemplateNews, at: int) -> Changes:
    """The changes that the news brings; empty if the same or something later is known."""
    notices, changes = dict(template.told), dict[str, Any]()
    for name in ("state", "category", "quality"):
        text = getattr(news, name)
        last_at, last = notices.get(name, (0, ""))
        if text and (at > last_at or (at == last_at and text != last)):
            notices[name] = [at, text]
            changes |= _CHANGES[name](template, news)
    if news.is_rewritten and at > notices.get(_TEXT, (0, ""))[0]:
        notices[_TEXT] = [at, _TO_READ]
    elif not changes:
        return {}
    return {**changes, "told": notices, **({"network_id": news.id} if news.id and not template.network_id else {})}


def _state(template: Template, news: TemplateNews) -> Changes:
    if template.state == "draft" and template.network_id and news.state in _OLD:
        return {}
    return {"state": news.state, "reason": news.reason, "detail": room.short(news.detail)}


def _category(template: Template, news: TemplateNews) -> Changes:
    is_kept = not news.next_category and template.next_category != news.category
    following = (template.next_category, template.category_at) if is_kept else (news.next_category, news.category_at)
    return {"category": news.category, "next_category": following[0], "category_at": following[1]}


def _quality(template: Template, news: TemplateNews) -> Changes:
    return {"quality": news.quality}


_CHANGES: Mapping[str, Callable[[Template, TemplateNews], Changes]] = {
    "state": _state, "category": _category, "quality": _quality,
}  # fmt: skip


def _write(agency: str, template: Template, changes: Changes, now: int) -> bool:
    """False if the template changed since it was read. A change that is not shown is not audited.

    Nor is one of components, which networks return in another form, unless the network said that they were rewritten.
    """
    new = {name: value for name, value in changes.items() if getattr(template, name) != value}
    at, said = template.told.get(_TEXT, (0, ""))
    is_rewritten = _TEXT in new and said == _TO_READ
    new |= {"told": {**template.told, _TEXT: [at, _READ]}} if is_rewritten else {}
    quiet = set(new) <= set(_SILENT) and not is_rewritten
    try:
        templates.change(actors.system(agency), "template.report", template, new, now, quiet=quiet)
    except errors.PreconditionFailed:
        return False
    return True


def read(actor: Actor, channel: Channel, now: int) -> Mapping[str, int]:
    """Asks the network for all templates of the account, and stores them; returns how many are found, new and changed.

    A repeat changes nothing more. Raises an Outcome of the network.
    """
    network = templates.interface_of(channel)
    known = {template.id: template for template in templates.of_channels(channel.pk, [channel.id], {})}
    listing = [
        templates.new(channel, given, now) for given in network.listed(channels.credentials(channel.pk, channel))
    ]
    fresh = [template for template in listing if template.id not in known]
    there = {template.id: template for template in listing}
    changed = [_write(channel.pk, template, changes, now) for template, changes in differences(known, there, now)]
    portions = iter(fresh)
    while portion := list(islice(portions, _PORTION)):
        keep(actor, channel, portion, now)
    return {"found": len(listing), "new": len(fresh), "changed": sum(changed)}


def differences(
    known: Mapping[str, Template], there: Mapping[str, Template], now: int
) -> Iterator[tuple[Template, Changes]]:
    for id, mine in known.items():
        changes = _beside(mine, there[id]) if id in there else _gone(mine, now)
        if any(getattr(mine, name) != value for name, value in changes.items()):
            yield mine, changes


def _beside(mine: Template, theirs: Template) -> Changes:
    """What differs at the network. A draft stays as it is, except that it gets the network's id if its submission died
    half-way.
    """
    if mine.state == "draft" and theirs.state in _OLD:
        return {} if mine.network_id else {"network_id": theirs.network_id}
    names = ("network_id", "category", "components", "state", "quality")
    changes = {name: getattr(theirs, name) for name in names}
    changes |= {"reason": theirs.reason, "detail": ""} if theirs.state != mine.state else {}
    changes |= {"next_category": "", "category_at": 0} if theirs.category == mine.next_category else {}
    return changes


def _gone(mine: Template, now: int) -> Changes:
    """The change for a template that the network no longer has. One just submitted may not be in its list yet."""
    if not mine.network_id or mine.updated_at > now - clock.MINUTE:
        return {}
    return {"network_id": ""} if mine.state == "draft" else {"state": "deleted"}


def keep(actor: Actor, channel: Channel, fresh: list[Template], now: int) -> None:
    """Stores the new templates in one transaction. If somebody else stored one first, the next reading stores them."""
    after = {"templates": [template.id for template in fresh]}
    entry = audit.entry(actor, "template.read", channel.id, now, brand=channel.brand, after=after)
    try:
        table.transact(*(table.putting(template, Template.pk.does_not_exist()) for template in fresh), entry)
    except table.Refused:
        log.line("templates_raced", channel=channel.id)


def task(agency: str, channel: str) -> Task:
    return Task("upkeep", {"kind": READ, "agency": agency, "channel": channel}, group=agency)


def perform(actor: Actor, id: str, now: int) -> str:
    """Reads the templates of a channel, and returns the outcome in a word. After a failure the network is asked again
    every day.
    """
    channel = channels.find(actor.agency, id)
    if channel is None or channel.settling or channels.network_of(channel).templates is None:
        return "nothing"
    try:
        read(actor, channel, now)
    except Outcome as outcome:
        return f"failed {outcome.code}"
    return "read"
