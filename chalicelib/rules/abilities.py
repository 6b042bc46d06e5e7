"""On which networks of a brand an act of a rule cannot be done; there a person is asked. Pure but for `there`."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import networks, trees
from chalicelib.channels import channels
from chalicelib.networks.base import Network
from chalicelib.rules import fields
from chalicelib.trees import NO, PERHAPS, Leaf

Json = Mapping[str, Any]


def there(agency: str, brand: str) -> list[Network]:
    """The networks on which the brand has channels."""
    keys = sorted({channel.network for channel in channels.of_brands(agency, [brand])})
    return [network for key in keys if (network := networks.get(key))]


def cannot(said: Json, there: Iterable[Network]) -> list[str]:
    """Those of these networks where the rule may mean something, and what it wants done cannot be done to any of it."""
    wanted = [act["do"] for act in said["then"] if act["do"] in ("hide", "delete")]
    return [one.key for one in there if wanted and not _can(said, one, wanted[0])]


def _can(said: Json, network: Network, do: str) -> bool:
    can = network.capabilities
    meant = [surface for surface in can.surfaces if _may_mean(said, {"network": network.key, "surface": surface})]
    return not meant or bool({*(can.hide if do == "hide" else can.delete)} & {*meant})


def _may_mean(said: Json, known: Json) -> bool:
    def answer(leaf: Leaf) -> int:
        return PERHAPS if leaf["field"] in fields.OF_FINDINGS else fields.answer(leaf, known, None)

    return trees.judge(said["when"], answer) != NO
