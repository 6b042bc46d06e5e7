"""Which of a channel's templates can be sent: those that the network approved, each with all variables filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from chalicelib import errors
from chalicelib.networks.base import Network
from chalicelib.networks.templates import Shown, Slot
from chalicelib.templates import templates

MOST = 50
_TOO_MANY = "The template has fewer variables than the request fills in."
Json = Mapping[str, Any]


def of_channel(agency: str, channel: str, network: Network) -> list[Json]:
    """The approved ones, with the variables to be filled in; at most 50."""
    written = network.templates
    if written is None:
        return []
    approved = templates.of_channels(agency, [channel], {"state": "approved"})
    return [
        {
            "id": template.id,
            "name": template.name,
            "language": template.language,
            "category": template.category,
            "text": written.filled(template.components, ()).body,
            "variables": variables(written.slots(template.components)),
        }
        for template in sorted(islice(approved, MOST), key=lambda template: (template.name, template.language))
    ]


def variables(slots: Sequence[Slot]) -> list[Json]:
    return [{**asdict(slot), "names": list(slot.names)} for slot in slots]


def objections(agency: str, channel: str, network: Network, template: Json) -> Iterator[errors.Invalid]:
    """Why a reply with this template would be refused, as far as we know; nothing for an unknown template."""
    known = templates.find(agency, channel, template["name"], template["language"]) if network.templates else None
    if known is None or network.templates is None:
        return
    if known.state != "approved":
        detail = f"The network sends only approved templates, and the template is {known.state}."
        yield errors.Invalid(detail, code="template_not_approved", field="template.name")
    shown = network.templates.filled(known.components, template.get("components", ()))
    if shown.missing or shown.strange:
        lacking = f"The template's variables need values: {', '.join(shown.missing)}." if shown.missing else _TOO_MANY
        yield errors.Invalid(lacking, code="template_parameters", field="template.components")


def preview(shown: Shown) -> Json:
    """A template as the customer reads it, with the mistakes in how it was filled in."""
    return {
        "header": shown.header or None,
        "text": shown.body,
        "footer": shown.footer or None,
        "buttons": list(shown.buttons),
        "missing": list(shown.missing),
        "strange": list(shown.strange),
    }
