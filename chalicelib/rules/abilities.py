"""Which parts of a rule do not work as written: on networks that cannot do them, or with everyday words. Pure, except
for `networks_of`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import networks, trees
from chalicelib.channels import channels
from chalicelib.networks.base import Network
from chalicelib.rules import fields, term_lists
from chalicelib.store.models.brands import StoredTermList
from chalicelib.trees import NO, PERHAPS, Leaf
from chalicelib.words.findings import Finding

Json = Mapping[str, Any]
_OF_LISTS = {"category", "severity", "certainty", "term_list"}  # what a list says of all its entries


def networks_of(agency: str, brand: str) -> list[Network]:
    """The networks on which the brand has channels."""
    keys = sorted({channel.network for channel in channels.of_brands(agency, [brand])})
    return [network for key in keys if (network := networks.get(key))]


def cannot(said: Json, there: Iterable[Network]) -> list[str]:
    """Those of these networks where the rule may match, but on no such surface can its act be done."""
    wanted = [act["do"] for act in said["then"] if act["do"] in ("hide", "delete")]
    return [network.key for network in there if wanted and not _can(said, network, wanted[0])]


def doubtful(said: Json, lists: Iterable[StoredTermList]) -> list[str]:
    """The ids of those term lists that the rule looks for and that have everyday words among their entries."""
    return [term_list.id for term_list in lists if _looks_for(said, term_list) and term_lists.warnings(term_list)]


def _looks_for(said: Json, listed: StoredTermList) -> bool:
    """True if what the list finds may make the rule match. A rule without a question about findings does not need the
    list.
    """
    finding = Finding(listed.category, listed.severity, listed.certainty, (), "", origin=listed.id)

    def answer(leaf: Leaf) -> int:
        return fields.answer(leaf, {}, finding) if leaf["field"] in _OF_LISTS else PERHAPS

    is_asked = not trees.fields_of(said["when"]).isdisjoint(fields.OF_FINDINGS)
    return is_asked and trees.judge(said["when"], answer) != NO


def _can(said: Json, network: Network, do: str) -> bool:
    can = network.capabilities
    meant = [surface for surface in can.surfaces if _may_mean(said, {"network": network.key, "surface": surface})]
    return not meant or bool({*(can.hide if do == "hide" else can.delete)} & {*meant})


def _may_mean(said: Json, known: Json) -> bool:
    def answer(leaf: Leaf) -> int:
        return PERHAPS if leaf["field"] in fields.OF_FINDINGS else fields.answer(leaf, known, None)

    return trees.judge(said["when"], answer) != NO
