"""What a template of WhatsApp is made of: which forms are allowed, where its variables are, and its text filled in.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from chalicelib.networks.base import Json
from chalicelib.networks.read import part, parts, words
from chalicelib.networks.templates import Fault, Shown, Slot, Template

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
# The components that can be written here. Others are read, and sent as they were approved.
TYPES = ("HEADER", "BODY", "FOOTER", "BUTTONS")
FILES = ("IMAGE", "VIDEO", "DOCUMENT")
LONGEST: Mapping[str, int] = {"HEADER": 60, "BODY": 1024, "FOOTER": 60}
MOST_BUTTONS, LONGEST_BUTTON = 10, 25
# What each kind of button needs.
BUTTONS: Mapping[str, str] = {
    "QUICK_REPLY": "text", "URL": "url", "PHONE_NUMBER": "phone_number", "COPY_CODE": "example", "FLOW": "text",
}  # fmt: skip
VARIABLE = re.compile(r"{{\s*([A-Za-z0-9_]+)\s*}}")
_PLACE = "components"


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables, each once, in the order in which they are filled in: numbers by size, other names as
    they come.
    """
    names = tuple(dict.fromkeys(VARIABLE.findall(text)))
    return tuple(sorted(names, key=lambda name: (len(name), name))) if all(map(str.isdecimal, names)) else names


def is_named(components: Sequence[Json]) -> bool:
    """True if its variables have names instead of numbers."""
    return any(not name.isdecimal() for component in components for name in variables(words(component.get("text"))))


def faults(template: Template) -> Iterator[Fault]:
    """WhatsApp writes the texts of AUTHENTICATION templates itself, so only their category is checked."""
    if template.category not in CATEGORIES:
        yield Fault(
            code="template_category", field="category", text=f"The category has to be one of {', '.join(CATEGORIES)}."
        )
    if template.category != "AUTHENTICATION":
        count = Counter(words(component.get("type")) for component in template.components)
        if not set(count) <= set(TYPES) or count["BODY"] != 1 or max(count.values(), default=0) > 1:
            text = "A template needs one BODY, and can have one HEADER, one FOOTER and one BUTTONS."
            yield Fault(code="template_component", field=_PLACE, text=text)
            return
        for number, component in enumerate(template.components):
            yield from _FAULTS[component["type"]](component, f"{_PLACE}.{number}")


def _of_text(component: Json, field: str) -> Iterator[Fault]:
    kind, text = component["type"], words(component.get("text"))
    if not text.strip():
        yield Fault(code="template_component", field=field, text="The component needs a text.")
    if len(text) > LONGEST[kind]:
        sentence = f"The text of a {kind} has at most {LONGEST[kind]} characters."
        yield Fault(code="template_too_long", field=f"{field}.text", text=sentence)
    names = variables(text)
    numbered = tuple(str(number) for number in range(1, len(names) + 1))
    if any(map(str.isdecimal, names)) and names != numbered:
        sentence = "Variables have to be {{1}}, {{2}} and so on without a gap, or all of them need names."
        yield Fault(code="template_variables", field=f"{field}.text", text=sentence)
    if len(names) > {"HEADER": 1, "FOOTER": 0}.get(kind, len(names)):
        sentence = "A header has at most one variable, and a footer has none."
        yield Fault(code="template_variables", field=f"{field}.text", text=sentence)
    elif names and not _has_examples(component, names):
        sentence = "Each variable needs an example, with which WhatsApp reviews the template."
        yield Fault(code="template_examples", field=f"{field}.example", text=sentence)


def _has_examples(component: Json, names: tuple[str, ...]) -> bool:
    """`body_text` is a list of lists, `header_text` a list; named variables have an example with their `param_name`."""
    example, where = part(component, "example"), f"{words(component['type']).lower()}_text"
    if not names[0].isdecimal():
        given = {words(entry.get("param_name")) for entry in parts(example, f"{where}_named_params")}
        return set(names) <= given
    texts = example.get(where)
    if where == "body_text" and isinstance(texts, list) and texts:
        texts = texts[0]
    return isinstance(texts, list) and len(texts) == len(names) and all(map(words, texts))


def _of_header(component: Json, field: str) -> Iterator[Fault]:
    format = words(component.get("format"))
    if format == "TEXT":
        yield from _of_text(component, field)
    elif format in FILES:
        if not part(component, "example").get("header_handle"):
            sentence = "The header needs an example of its file in `header_handle`, with which WhatsApp reviews it."
            yield Fault(code="template_examples", field=f"{field}.example", text=sentence)
    elif format != "LOCATION":
        sentence = f"The format has to be one of TEXT, LOCATION, {', '.join(FILES)}."
        yield Fault(code="template_component", field=f"{field}.format", text=sentence)


def _of_buttons(component: Json, field: str) -> Iterator[Fault]:
    given = component.get("buttons")
    if (
        not isinstance(given, list)
        or not 0 < len(given) <= MOST_BUTTONS
        or len(parts(component, "buttons")) != len(given)
    ):
        yield Fault(code="template_buttons", field=field, text=f"`buttons` has to list 1 to {MOST_BUTTONS} buttons.")
        return
    for number, button in enumerate(given):
        kind, text, place = words(button.get("type")), words(button.get("text")), f"{field}.buttons.{number}"
        if kind not in BUTTONS or not button.get(BUTTONS[kind]) or (not text and kind != "COPY_CODE"):
            sentence = f"A button needs a text, the value of its type, and one of the types {', '.join(BUTTONS)}."
            yield Fault(code="template_buttons", field=place, text=sentence)
        elif len(text) > LONGEST_BUTTON:
            sentence = f"The text of a button has at most {LONGEST_BUTTON} characters."
            yield Fault(code="template_too_long", field=f"{place}.text", text=sentence)
        elif variables(words(button.get("url"))) and not button.get("example"):
            sentence = "An address with a variable needs an example of the whole address."
            yield Fault(code="template_examples", field=f"{place}.example", text=sentence)


_FAULTS: Mapping[str, Callable[[Json, str], Iterator[Fault]]] = {
    "HEADER": _of_header, "BODY": _of_text, "FOOTER": _of_text, "BUTTONS": _of_buttons,
}  # fmt: skip


def slots(components: Sequence[Json]) -> Sequence[Slot]:
    return [slot for component in components for slot in _slots_of_component(component)]


def _slots_of_component(component: Json) -> Iterator[Slot]:
    kind, format = words(component.get("type")), words(component.get("format"))
    if kind == "HEADER" and format in (*FILES, "LOCATION"):
        yield Slot(component="header", kind=format.lower(), names=("1",))
    elif kind in ("HEADER", "BODY") and (names := variables(words(component.get("text")))):
        yield Slot(component=kind.lower(), kind="text", names=names)
    for index, button in enumerate(parts(component, "buttons") if kind == "BUTTONS" else ()):
        if words(button.get("type")) == "COPY_CODE":
            yield Slot(component="button", kind="copy_code", names=("1",), index=index)
        elif names := variables(words(button.get("url"))):
            yield Slot(component="button", kind="url", names=names, index=index)


def filled(components: Sequence[Json], given: Sequence[Json]) -> Shown:
    """If WhatsApp writes the body itself, or a component is unknown here, `missing` and `strange` are empty: nobody can
    tell.
    """
    values = {_key(filling): _values(filling) for filling in given}
    wanted = {(slot.component, slot.index): slot for slot in slots(components)}
    texts = {words(component.get("type")): component for component in components}
    missing = tuple(
        f"{slot.component}{'' if slot.index is None else f'.{slot.index}'}.{name}"
        for key, slot in wanted.items() for name in slot.names if name not in values.get(key, {})
    )  # fmt: skip
    strange = tuple(
        name for name in ("header", "body")
        if set(values.get((name, None), {})) - set(wanted[name, None].names if (name, None) in wanted else ())
    )  # fmt: skip
    header = texts.get("HEADER", {})
    is_whole = set(texts) <= set(TYPES) and bool(words(texts.get("BODY", {}).get("text")))
    return Shown(
        header=_text(header, values.get(("header", None), {})) or words(header.get("format")).lower(),
        body=_text(texts.get("BODY", {}), values.get(("body", None), {})),
        footer=words(texts.get("FOOTER", {}).get("text")),
        buttons=tuple(words(button.get("text")) for button in parts(texts.get("BUTTONS", {}), "buttons")),
        missing=missing if is_whole else (),
        strange=strange if is_whole else (),
    )


def _key(filling: Json) -> tuple[str, int | None]:
    """`index` comes as a number or as its text."""
    index = words(filling.get("index"))
    return words(filling.get("type")).lower(), int(index) if index.isdecimal() and len(index) < 3 else None


def _values(filling: Json) -> dict[str, str]:
    """The texts by the variable's name, or by its number (from 1) if it has none."""
    return {
        words(entry.get("parameter_name")) or str(number): words(entry.get("text"))
        for number, entry in enumerate(parts(filling, "parameters"), 1)
    }


def _text(component: Json, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda match: values.get(match[1]) or match[0], words(component.get("text")))
