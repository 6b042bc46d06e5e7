"""/v1/templates: texts that a network looks at before anybody may send them, from draft to retired."""

from functools import partial

from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.channels import channels
from chalicelib.networks.templates import Template
from chalicelib.templates import offers, schemas, submissions, templates, tries

WRITE = "editorial_line.edit"


@route(
    "GET", "/templates", permission=SIGNED_IN, query=schemas.LISTED, answer=schema.listing(schemas.TEMPLATE),
)  # fmt: skip
def list_templates(call: Call) -> Json:
    """Lists the templates of your brands' channels."""
    brand_ids = brands.scope(call.actor, call.query.get("brand"))
    wanted = call.query.get("channel")
    channel_ids = [
        channel.id for channel in channels.of_brands(call.actor.agency, brand_ids) if wanted in (None, channel.id)
    ]
    after = partial(templates.of_channels, call.actor.agency, channel_ids, call.query)
    return pages.answer(call, "templates", after, templates.view)


@route(
    "POST", "/templates", pays="work", permission=WRITE,
    body=schemas.NEW, answer=schemas.TEMPLATE, status=201,
)  # fmt: skip
def draft_template(call: Call) -> Json:
    """Creates a draft of a template for a channel."""
    channel = channels.visible(call.actor, call.body["channel"])
    written = {name: value for name, value in call.body.items() if name != "channel"}
    return templates.view(templates.create(call.actor, channel, Template(**written, state="draft"), call.now))


@route("GET", "/templates/{id}", permission=SIGNED_IN, answer=schemas.TEMPLATE)
def show_template(call: Call) -> Json:
    """Shows a template, and what the network says about it."""
    return templates.view(templates.get(call.actor, call.path["id"]))


@route(
    "PUT", "/templates/{id}", pays="work", permission=WRITE,
    body=schemas.REWRITE, answer=schemas.TEMPLATE, versioned=True,
)  # fmt: skip
def rewrite_template(call: Call) -> Json:
    """Replaces the content of a draft or of a rejected template."""
    template = templates.get(call.actor, call.path["id"])
    call.matches(template.version)
    category, components = call.body["category"], call.body["components"]
    return templates.view(templates.rewrite(call.actor, template, category, components, call.now))


@route("DELETE", "/templates/{id}", pays="work", permission=WRITE, answer=schema.NOTHING, versioned=True)
def retire_template(call: Call) -> Json:
    """Removes a template, on the network as well."""
    template = templates.get(call.actor, call.path["id"])
    call.matches(template.version)
    submissions.remove(call.actor, template, call.now)
    return {}


@route(
    "POST", "/templates/{id}/submit", pays="work", permission=WRITE,
    body=schema.NOTHING, answer=schemas.TEMPLATE, versioned=True,
)  # fmt: skip
def submit_template(call: Call) -> Json:
    """Submits a draft to the network."""
    template = templates.get(call.actor, call.path["id"])
    call.matches(template.version)
    return templates.view(submissions.submit(call.actor, template, call.now))


@route(
    "POST", "/templates/{id}/preview", pays="never", permission=SIGNED_IN,
    body=schemas.FILL, answer=schemas.PREVIEW,
)  # fmt: skip
def preview_template(call: Call) -> Json:
    """Shows a template filled in, as the customer reads it; nothing is sent."""
    template = templates.get(call.actor, call.path["id"])
    network = templates.interface_of(channels.get(call.actor.agency, template.channel))
    return offers.preview(network.filled(template.components, call.body.get("components", ())))


@route(
    "POST", "/templates/{id}/try", pays="work", permission=WRITE,
    body=schemas.TRY, answer=schemas.TRIED,
)  # fmt: skip
def try_template(call: Call) -> Json:
    """Sends an approved template to a telephone of your own."""
    template = templates.get(call.actor, call.path["id"])
    components = list(call.body.get("components", ()))
    return {"network_id": tries.send(call.actor, template, call.body["to"], components, call.now)}


@route(
    "POST", "/channels/{id}/templates/sync", pays="work", permission=WRITE,
    body=schema.NOTHING, answer=schemas.READ,
)  # fmt: skip
def read_templates(call: Call) -> Json:
    """Reads from the network which templates the channel's account has."""
    return submissions.read(call.actor, channels.visible(call.actor, call.path["id"]), call.now)
