"""How templates are written on a network: texts with variables that it looks at before anybody may send them.

Components are as the network writes them, and so are the parameters that fill them in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.networks.incoming import Json, TemplateState
from chalicelib.networks.outgoing import Credentials, Loaded

# The codes of a Fault.
FAULTS = (
    "template_category", "template_component", "template_too_long", "template_variables", "template_examples",
    "template_buttons",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Template:
    """A template as the network has it, or is to have it. `id` is the network's, empty as long as it has none."""

    name: str
    language: str
    category: str
    components: Sequence[Json]
    id: str = ""
    state: TemplateState = "pending"
    reason: str = ""
    quality: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why the network does not take such a template: one of FAULTS, and where."""

    code: str
    field: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A part of a template that whoever sends it fills in: its `names`, in order, each with one parameter.

    `kind` is text, or what else goes there. `index` is the button's place; None for what is no button.
    """

    component: str
    kind: str
    names: tuple[str, ...]
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A template filled in, as the customer reads it. For a header that is a file, `header` is the file's kind.

    `missing` names the slots that were not filled in, `strange` the parameters that have no slot; both are empty where
    nobody can tell.
    """

    header: str
    body: str
    footer: str
    buttons: tuple[str, ...]
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Templates:
    """What can be done with templates. Functions that take credentials raise an `Outcome` if the network refuses.

    - `listed(credentials)` gives all that the account has, page by page.
    - `submit(credentials, template)` hands in a new template or, with an id, changes an existing one. It gives the
      template as the network took it. The network takes no two of one name and language, so a repeat does no harm.
    - `example(credentials, file)` gives the network's handle of a file, for `header_handle` of a new template.
    - `retire(credentials, template)` removes a template, in its language only; one that is not there is no error.
    - `faults(template)` are the reasons for which the network would not take it, as far as they are known.
    - `slots(components)` are the parts to fill in, `filled(components, given)` the template with these parameters.
    """

    listed: Callable[[Credentials], Iterator[Template]]
    submit: Callable[[Credentials, Template], Template]
    example: Callable[[Credentials, Loaded], str]
    retire: Callable[[Credentials, Template], None]
    faults: Callable[[Template], Iterator[Fault]]
    slots: Callable[[Sequence[Json]], Sequence[Slot]]
    filled: Callable[[Sequence[Json], Sequence[Json]], Shown]
