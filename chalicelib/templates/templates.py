"""Templates of a channel. Each has a name and a language, which are unique there and determine its id.

A draft is only ours. Once submitted, the network says what becomes of the template, see `news`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from chalicelib import clock, errors, ids, room
from chalicelib.access import audit
from chalicelib.access.actors import Actor
from chalicelib.channels import channels
from chalicelib.networks.templates import Template as Given
from chalicelib.networks.templates import Templates
from chalicelib.store import keys, table
from chalicelib.store.models.channels import Channel, Template
from chalicelib.templates import examples

MOST_BYTES = 20_000  # of its components
WRITTEN = ("draft", "rejected")  # states in which it is written anew
Json = Mapping[str, Any]


def find(agency: str, channel: str, name: str, language: str) -> Template | None:
    """None if it is not known here."""
    return table.get(Template, *_key(agency, channel, name, language))


def _key(agency: str, channel: str, name: str, language: str) -> tuple[str, str]:
    return keys.within(agency, channel), keys.TEMPLATES + ids.of_channel(channel, "tpl", name, language)


def new(channel: Channel, given: Given, now: int) -> Template:
    """A template as the network described it, not stored yet."""
    pk, sk = _key(channel.pk, channel.id, given.name, given.language)
    components = list(given.components) if room.size(given.components) <= MOST_BYTES else []
    return Template(
        pk, sk, id=sk.removeprefix(keys.TEMPLATES), brand=channel.brand, channel=channel.id, network_id=given.id,
        name=given.name, language=given.language, category=given.category, components=components,
        state=given.state, reason=given.reason, quality=given.quality, created_at=now, updated_at=now,
    )  # fmt: skip


def interface_of(channel: Channel) -> Templates:
    """The network's interface for templates. Raises Invalid if templates cannot be written by its API."""
    templates = channels.network_of(channel).templates
    if templates is None:
        detail = "The network's templates cannot be written through this API."
        raise errors.Invalid(detail, code="cannot_write_templates", field="channel")
    return templates


def given(template: Template) -> Given:
    return Given(
        name=template.name, language=template.language, category=template.category, components=template.components,
        id=template.network_id,
    )  # fmt: skip


def create(actor: Actor, channel: Channel, draft: Given, now: int) -> Template:
    """Stores a draft. Raises Invalid for what the network would refuse, Conflict if the channel has such a template."""
    check(interface_of(channel), draft)
    examples.keep(actor.agency, draft, now)
    created = new(channel, draft, now)
    exists = errors.Conflict("The channel already has a template of this name and language.", code="template_exists")
    table.transact(
        table.putting(created, Template.pk.does_not_exist(), otherwise=exists),
        audit.entry(actor, "template.create", created.id, now, brand=created.brand, after=_audit_details(created)),
    )
    return created


def check(network: Templates, wanted: Given) -> None:
    """Raises Invalid for the first thing that the network would refuse."""
    if room.size(wanted.components) > MOST_BYTES:
        raise errors.Invalid(
            f"The components of a template take at most {MOST_BYTES} bytes.", code="too_much", field="components"
        )
    for fault in network.faults(wanted):
        raise errors.Invalid(fault.text, code=fault.code, field=fault.field)


def rewrite(actor: Actor, template: Template, category: str, components: Sequence[Json], now: int) -> Template:
    """Writes a draft, or a rejected template, anew; it is a draft after that.

    Raises what `create` raises, Conflict for a template in another state, PreconditionFailed if it changed since it was
    read.
    """
    check_state(template, WRITTEN)
    wanted = Given(name=template.name, language=template.language, category=category, components=components)
    check(interface_of(channels.get(actor.agency, template.channel)), wanted)
    examples.keep(actor.agency, wanted, now)
    changes = {"category": wanted.category, "components": list(wanted.components), "state": "draft"}
    return change(actor, "template.change", template, changes, now)


def check_state(template: Template, states: Sequence[str]) -> None:
    if template.state not in states:
        detail = f"The template is {template.state}, and has to be {' or '.join(states)} for this."
        raise errors.Conflict(detail, code="template_state")


def change(actor: Actor, action: str, template: Template, changes: Json, now: int, *, quiet: bool = False) -> Template:
    """The template with these attributes. Raises PreconditionFailed if it changed since it was read.

    A `quiet` change is not audited, so no event tells of it.
    """
    after = Template(**{**template.attribute_values, **changes, "version": template.version + 1, "updated_at": now})
    actions = [getattr(Template, name).set(value) for name, value in changes.items()]
    actions += [Template.version.add(1), Template.updated_at.set(now)]
    entry = audit.entry(
        actor,
        action,
        template.id,
        now,
        brand=template.brand,
        before=_audit_details(template),
        after=_audit_details(after),
    )
    place, same = Template(template.pk, template.sk), Template.version == template.version
    entries = [] if quiet else [entry]
    table.transact(table.changing(place, actions, same, otherwise=errors.PreconditionFailed), *entries)
    return after


def remove(actor: Actor, template: Template, now: int) -> None:
    """Removes the template here only. Raises PreconditionFailed if it changed since it was read."""
    entry = audit.entry(
        actor, "template.remove", template.id, now, brand=template.brand, before=_audit_details(template)
    )
    same = Template.version == template.version
    table.transact(table.deleting(template, same, otherwise=errors.PreconditionFailed), entry)


def get(actor: Actor, id: str) -> Template:
    """Raises NotFound unless the template is of a channel of one of the actor's brands."""
    if not ids.is_id(id, "tpl"):
        raise errors.NotFound
    channel = channels.visible(actor, ids.channel_of(id))
    template = table.get(Template, keys.within(actor.agency, channel.id), keys.TEMPLATES + id)
    if template is None:
        raise errors.NotFound
    return template


def many(agency: str, template_ids: Collection[str]) -> list[Template]:
    """The templates with these ids that exist."""
    places = [(keys.within(agency, ids.channel_of(id)), keys.TEMPLATES + id) for id in template_ids]
    return table.many_readable(Template, places)


def of_channels(agency: str, channel_ids: Sequence[str], wanted: Json, after: str = "") -> Iterator[Template]:
    """The templates of these channels in the wanted state and language, in the order of their sort keys."""
    for id in sorted(channel_ids):
        begins = f"{keys.TEMPLATES}tpl_{id[4:]}"
        if begins >= after[: len(begins)]:
            place, where = keys.within(agency, id), _where(wanted)
            yield from table.query(Template, place, keys.TEMPLATES, after=after, where=where, consistent=True)


def _where(wanted: Json) -> table.Condition | None:
    condition: table.Condition | None = None
    for name in ("state", "language"):
        if name in wanted:
            part = getattr(Template, name) == wanted[name]
            condition = part if condition is None else condition & part
    return condition


def _audit_details(template: Template) -> dict[str, Any]:
    """What the audit stores about a template: no text."""
    return {name: value for name, value in row(template).items() if name not in ("id", "brand") and value}


def row(template: Template) -> dict[str, Any]:
    """A template without its text: the same values as in `view`."""
    return {
        "id": template.id,
        "brand": template.brand,
        "channel": template.channel,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "state": template.state,
        "reason": template.reason or None,
        "quality": template.quality or None,
        "next_category": template.next_category or None,
        "category_at": clock.text(template.category_at) if template.category_at else None,
        "version": template.version,
    }


def view(template: Template) -> Json:
    return {
        **row(template),
        "components": template.components,
        "detail": template.detail or None,
        "network_id": template.network_id or None,
        "created_at": clock.text(template.created_at),
        "updated_at": clock.text(template.updated_at),
    }
