"""The keys of the global look-ups, each unique by conditional put; which items are there is on the page of `keys`."""

from chalicelib import ids
from chalicelib.store import keys

ROUTE = "route"
HOOK = "hook"
TICKET = "ticket"
USER = "user#"
CUSTOMERS = "customer#"
CUSTOMER = "customer"
APP = "app"
DOMAIN = "domain"
CLIENT = "client"
LOOKUPS = ("route#", "hook#", "due#", "ticket#", keys.SOCKETS, CUSTOMERS, USER, "app#", "domain#", "client#")


def route(network: str, account: str) -> str:
    return f"route#{network}#{account if len(account) < 200 else ids.digest(account)}"


def hook(channel: str) -> str:
    return f"hook#{channel}"


def ticket(secret: str) -> str:
    return f"ticket#{ids.digest(secret, length=24)}"


def due(shard: int) -> str:
    return f"due#{shard}"


def user(subject: str) -> str:
    return USER + subject


def customer(id: str) -> str:
    """The partition of the look-up of a customer of Stripe's."""
    return CUSTOMERS + id


def app(id: str) -> str:
    return f"app#{id}"


def domain(name: str) -> str:
    return f"domain#{name}"


def client(id: str) -> str:
    """The partition of the look-up of a client of the user pool that is an agency's own."""
    return f"client#{id}"


def is_lookup(partition: str) -> bool:
    """True for the partition of a global look-up, which is read before we know the agency."""
    return partition.startswith(LOOKUPS)
