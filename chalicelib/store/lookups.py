"""The keys of the global look-ups, each unique by conditional put. They are read before the agency is known.

route#{network}#{account}   route                                  Route: a network's account -> channel
hook#{channel}              hook                                   Route: a hook's address -> channel
due#{shard}                 {time}#{kind}#{target}                 Due: what has to be done at a time
look#{shard}                {channel}                              Look: that a channel is asked for news
granted#{network}#{user}    {channel}                              Granted: that it rests on that person's consent
pulse#all                   {minute}#{network}#{agency}            Pulse: that a network failed it in that minute
mended#{app}#{day}          mended                                 MendedApp: that its hook was set right on that day
ticket#{digest}             ticket                                 Ticket: that somebody may open a socket, once
socket#{socket}             socket                                 Located: in which room of which agency it is
app#{app}                   app                                    App: one that others made
domain#{it}  client#{it}    domain  client                         DomainOwner, OwnClient: of which agency they are
customer#{customer}         customer                               Customer: Stripe's customer -> agency
user#{subject}              {agency}                               Membership: a person or a key's hash -> an agency
"""

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
LOOKS, GRANTED = "look#", "granted#"
MENDED = "mended"
PULSES = "pulse#"  # the one look-up that work for an agency may list: see network_status in transport.routes
LOOKUPS = (
    "route#",
    "hook#",
    "due#",
    LOOKS,
    GRANTED,
    PULSES,
    "mended#",
    "ticket#",
    keys.SOCKETS,
    CUSTOMERS,
    USER,
    "app#",
    "domain#",
    "client#",
)


def route(network: str, account: str) -> str:
    return f"route#{network}#{account if len(account) < 200 else ids.digest(account)}"


def hook(channel: str) -> str:
    return f"hook#{channel}"


def ticket(secret: str) -> str:
    return f"ticket#{ids.digest(secret, length=24)}"


def due(shard: int) -> str:
    return f"due#{shard}"


def look(shard: int) -> str:
    """The partition of one shard of the channels that are asked for news."""
    return f"{LOOKS}{shard}"


def granted(network: str, user: str) -> str:
    return f"{GRANTED}{network}#{user if len(user) < 200 else ids.digest(user)}"


def mended(app: str, day: int) -> str:
    """`app` is the provider and the app's id there; `day` is counted from the epoch."""
    return f"mended#{app if len(app) < 200 else ids.digest(app)}#{day}"


def pulses() -> str:
    """The partition of all failures of networks as a whole."""
    return f"{PULSES}all"


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
    """The partition of the look-up of a user pool client that belongs to one agency."""
    return f"client#{id}"


def is_lookup(partition: str) -> bool:
    """True for the partition of a global look-up, which is read before we know the agency."""
    return partition.startswith(LOOKUPS)
