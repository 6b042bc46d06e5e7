"""What a brand's account tells of the business on a network, where that is written by its API."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class BusinessProfile:
    """What people read about the business; a field that it does not tell is empty. `vertical` is the network's word for
    its trade.
    """

    about: str = ""
    address: str = ""
    description: str = ""
    email: str = ""
    websites: tuple[str, ...] = ()
    vertical: str = ""


@dataclass(frozen=True, kw_only=True)
class BusinessProfiles:
    """`read(credentials)` gives, and `write(credentials, profile)` replaces, the whole profile; each raises an
    `Outcome` if refused.
    """

    read: Callable[[Credentials], BusinessProfile]
    write: Callable[[Credentials, BusinessProfile], None]
