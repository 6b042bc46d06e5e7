"""What people may choose from in an answer, within the limits of the network."""

from chalicelib import errors
from chalicelib.networks import base


def check(capabilities: base.Capabilities, say: base.Say, offered: base.Interactive) -> None:
    """Raises Invalid, naming the field, if the network never takes such an offer."""
    limit = capabilities.interactive.get(offered.kind)
    if limit is None or say.surface != "dm" or say.private:
        raise errors.Invalid("This network offers no such choice here.", code="cannot_interactive", field="interactive")
    if say.attachments or say.template:
        raise errors.Invalid("A choice goes with words only.", code="interactive_with_more", field="interactive")
    if len(say.text) > limit.text:
        raise errors.Invalid(f"At most {limit.text}.", code="text_too_long", field="text")
    if len({option.id for option in offered.options}) < len(offered.options):
        raise errors.Invalid("Each option has an id of its own.", code="interactive_ids", field="interactive.options")
    if bool(offered.button) != (limit.button > 0):
        raise errors.Invalid("A list has a button, and nothing else has.", code="interactive_button", field=_BUTTON)
    _check_length(len(offered.options), limit.options, "interactive.options")
    _check_length(len(offered.button), limit.button, _BUTTON)
    for number, option in enumerate(offered.options):
        where = f"interactive.options.{number}"
        _check_length(len(option.title), limit.title, f"{where}.title")
        _check_length(len(option.id.encode("utf-8", "replace")), limit.id, f"{where}.id")
        _check_length(len(option.description), limit.description, f"{where}.description")


_BUTTON = "interactive.button"


def _check_length(length: int, most: int, field: str) -> None:
    if length > most:
        raise errors.Invalid(f"At most {most}.", code="interactive_too_long", field=field)
