"""What people may choose from in an answer, within the limits of the network."""

from chalicelib import errors
from chalicelib.networks import base


def check(capabilities: base.Capabilities, say: base.Say, offered: base.Interactive) -> None:
    """Raises Invalid, naming the field, if the network never takes such an offer."""
    limit = capabilities.interactive.get(offered.kind)
    if limit is None or say.surface != "dm" or say.private:
        raise errors.Invalid(
            "The network does not take choices of this kind in such a reply.",
            code="cannot_interactive",
            field="interactive",
        )
    if say.attachments or say.template:
        raise errors.Invalid(
            "A reply with choices cannot have files or a template.", code="interactive_with_more", field="interactive"
        )
    if len(say.text) > limit.text:
        raise errors.Invalid(
            f"The text beside choices has at most {limit.text} characters.", code="text_too_long", field="text"
        )
    if len({option.id for option in offered.options}) < len(offered.options):
        raise errors.Invalid(
            "Each option needs an id that no other option has.", code="interactive_ids", field="interactive.options"
        )
    if bool(offered.button) != (limit.button > 0):
        raise errors.Invalid(
            "A list needs a button; choices of other kinds have none.", code="interactive_button", field=_BUTTON
        )
    _check_length(len(offered.options), limit.options, "interactive.options", "options")
    _check_length(len(offered.button), limit.button, _BUTTON, "characters in the button")
    for number, option in enumerate(offered.options):
        where = f"interactive.options.{number}"
        _check_length(len(option.title), limit.title, f"{where}.title", "characters in a title")
        _check_length(len(option.id.encode("utf-8", "replace")), limit.id, f"{where}.id", "bytes in an id")
        _check_length(len(option.description), limit.description, f"{where}.description", "characters in a description")


_BUTTON = "interactive.button"


def _check_length(length: int, most: int, field: str, unit: str) -> None:
    if length > most:
        raise errors.Invalid(f"The network takes at most {most} {unit}.", code="interactive_too_long", field=field)
