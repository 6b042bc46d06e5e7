"""What a brand's account tells of the business on a network, where that is written by its API."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class BusinessProfile:
    """What people read of the business; empty is what is not told. `vertical` is the network's word for its trade."""

    about: str = ""
    address: str = ""
    description: str = ""
    email: str = ""
    websites: tuple[str, ...] = ()
    vertical: str = ""


@dataclass(frozen=True, kw_only=True)
class BusinessProfiles:
    """`read(credentials)` and `write(credentials, profile)`, of all of it; each raises an `Outcome` if refused."""

    read: Callable[[Credentials], BusinessProfile]
    write: Callable[[Credentials, BusinessProfile], None]
