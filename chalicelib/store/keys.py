"""All keys of the table. A partition of a tenant begins with its agency id, so IAM can restrict access by leading key.

pk                          sk                                     item
{agency}                    agency                                 Agency
{agency}                    brand#{id}  channel#{id}  member#{id}  Brand, Channel, Member
{agency}                    job#{id}  upload#{id}                  Job, Upload
{agency}                    attributes                             Attributes: what it keeps of conversations
{agency}                    role#{id}  team#{id}  invitation#{id}  key#{id}   and its kind
{agency}                    app#{id}  approved#{id}                 OwnApp, Approval: apps it registered, and lets in
{agency}                    domain#{id}  provider  link#{subject}  SignInDomain, SignInProvider, Link: of single sign-on
{agency}                    upkeep#{channel}  consent#{id}         Upkeep: how it stays connected; StoredConsent
{agency}                    connect#{id}  netapp[kept]#{network}#..  ConnectLink; NetworkApp: its own app there
{agency}                    heir#{member}                          Heir: who answers for what they left behind
{agency}                    subscription  holdings                 StoredSubscription, StoredHoldings
{agency}#billing            event#{id}  mail#{kind}#{subject}      BillingEvent, Mailed: what was done and told
{agency}#billing            usage#{hour}  usage                    Reported: what Stripe is told; Metered: their sums
{agency}                    idempotency#{member}#{digest}          Idempotency
{agency}                    quota#{name}#{period}                  Quota: how often something was done
{agency}                    refusals#{member}#{operation}#{minute}   Refusals: how often somebody was refused something
{agency}, {agency}#{brand}  identity#{network}#{digest}            OwnAccount: a member's; Identity -> contact
{agency}#{brand}            canned#{id}  shortcut#{digest}         CannedReply; Shortcut: that one has it
{agency}#{brand}            line  line#{number}                    LineInForce; StoredLine, of which 0 is the draft
{agency}#{brand}            revision  rules  terms#{id}            Revision, Rulebook, StoredTermList
{agency}#{brand}            backtest#{job}  undo#{rule}            StoredBackTest; Undo: the job that takes back
{agency}#{brand}            ban#{id}  banned                       Ban; Banned: who is banned
{agency}#{brand}            rota  label#{name}  raid#{rule}        Rota: whose turn it is; Label: how many have it; Raid
{agency}#figures            fact#{hour}#{digest}  month#{start}    Batch: facts told together; Gauge: when days began
{agency}#{brand}#figures    hour#{hour}                            Hour: what they come to for the brand
{agency}#{contact}          contact  talk#{time}#{conversation}    Contact; Talk: that they speak there
{agency}#{contact}          standing  verdicts                     Standing: a person's strikes; AuthorVerdicts
{agency}#counters           {brand}#{shard}                        Counter: how many conversations in each status
{agency}#tallies            {brand}#  {brand}#{assignee}           Tally: how much there is to do there, by the stream
{agency}#{channel}          thread#{digest}                        Thread: a new name of an old thread -> conversation
{agency}#{channel}          post#{digest}                          Post: what comments hang on
{agency}#{channel}          template#{id}                          Template: a text that the network looks at first
{agency}#{conversation}     conversation                           Conversation
{agency}#{conversation}     message#{time}{order}{digest}          Message, in the order it was said
{agency}#{conversation}     marks  pointer#{digest}                Marks: how far ours are delivered, read; Pointer:
                                                                   network id -> message of unknown time
{agency}#{conversation}     parked#{digest}#{digest}               Parked: an event about a message not here yet
{agency}#{conversation}     reply#{id}                             Reply
{agency}#{conversation}     decision#{id}  case#{id}               Decision, Case: of moderation
{agency}#{brand|contact}, #same  same#{digest}#{slot}              SameWords: who said it, for which brands, and when
{agency}#{conversation}     lease  note#{id}                       Lease: who is answering; Note
{agency}#external           {kind}#{digest}#{brand}                ExternalId: a client's id of a thing
{agency}#calls              call#{request}                         Call: what a request asked for and got
{agency}#{member}, #views   view#{id}  views                       View: a member's own, or shared; how many they are
{agency}#webhooks           endpoint#{id}  standing#{id}           Endpoint, and how far it was told: Standing
{agency}#webhooks           addresses                              Addresses: which ones its endpoints have
{agency}#{endpoint}         retry#{event}  delivery#{time}#{id}    Retry: what it did not take; Delivery: what was tried
{agency}#audit              entry#{id}  sealed#{id}                AuditEntry, and that it is in the chain
{agency}#audit              chain#{number}                         Seal: a link of the chain
{agency}#log                log#{number}                           StoredSegment: events, in the order of their numbers
{person}#sessions           session#{id}                           Session: that they signed in; no agency has that id
{agency}#rooms              room#{number}                          Room: that some sockets of the agency are in it
{agency}#room#{number}      socket#{socket}                        Socket: somebody who listens
{agency}#{member}           seat#{number}                          Seat: taken by one of the sockets a member may have
{agency}#watch#{conversation}   socket#{socket}                    Watch: that somebody has it open
{agency}#texts              shelf#{shelf}  mark#{index}            Shelf: where its blocks are; Mark: what it has read
{agency}#ledger#{shard}     {received}/{event}/{attempt}           Delivered: what a network posted and what it led to

The global look-ups are on the page of `lookups`.

Index `inbox`, sparse:
{agency}#{brand}#{status}   {last activity, 13 digits}#{conversation}
"""

from chalicelib import ids

CONVERSATION, CONTACT = "conversation", "contact"
TALKS = "talk#"
MESSAGES = "message#"
MARKS, PARKED, POSTS = "marks", "parked#", "post#"
LEASE, ATTRIBUTES = "lease", "attributes"
CANNED, LABELS, ROTA, LINE, LINES = "canned#", "label#", "rota", "line", "line#"
REVISION, RULES, TERM_LISTS, BACK_TESTS, UNDOS, SAME = "revision", "rules", "terms#", "backtest#", "undo#", "same"
DECISIONS, CASES, RAIDS, STANDING, BANS, BANNED = "decision#", "case#", "raid#", "standing", "ban#", "banned"
VERDICTS = "verdicts"
NOTES, REPLIES, TEMPLATES = "note#", "reply#", "template#"
BRAND, VIEWS, NUMBER_OF_VIEWS = "brand", "view#", "views"
ENDPOINTS, STANDINGS, ADDRESSES, DELIVERIES = "endpoint#", "standing#", "addresses", "delivery#"
ENTRIES, SEALED, CHAIN = "entry#", "sealed#", "chain#"
LOG, HEIRS, CHANNELS, APPS, APPROVALS = "log#", "heir#", "channel#", "app#", "approved#"
TEXTS, SHELVES, READERS, SESSIONS, CALLS = "texts", "shelf#", "mark#", "session#", "call#"
SUBSCRIPTION, HOLDINGS, DOMAINS, PROVIDER, LINKS = "subscription", "holdings", "domain#", "provider", "link#"
BILLING, METERED, COUNTERS, TALLIES = "billing", "usage", "counters", "tallies"
SOCKET, SOCKETS, ROOMS, SEATS, ALL_ROOMS, EVENT_LOG = "socket", "socket#", "room#", "seat#", "rooms", "log"
FACTS, HOURS, MONTHS, REPORTED, UPKEEP = "fact#", "hour#", "month#", "usage#", "upkeep#"
_LEDGERS = 4


def agency_of(partition: str) -> str:
    return partition.partition("#")[0]


def within(agency: str, id: str) -> str:
    """The partition of one brand, conversation, contact, channel or member of the agency."""
    return f"{agency}#{id}"


def noun(id: str) -> str:
    """The sort key, in the agency's partition, of a thing whose id has a prefix of `_NOUNS`."""
    return f"{_NOUNS[id[:3]]}#{id}"


_NOUNS = {
    "brd": "brand", "chn": "channel", "mbr": "member", "rol": "role", "tem": "team", "inv": "invitation", "key": "key",
    "job": "job", "upl": "upload", "con": "consent", "cnl": "connect",
}  # fmt: skip


def message(id: str) -> str:
    return MESSAGES + ids.order_key(id)


def messages_at(at: int) -> str:
    """What the sort keys of messages of this time (ms) begin with; those of later ones come after it."""
    return MESSAGES + ids.moment(at)


def pointer(network_id: str) -> str:
    return f"pointer#{ids.digest(network_id)}"


def post(network_id: str) -> str:
    return POSTS + ids.digest(network_id)


def parked(network_id: str, event: str = "") -> str:
    """The sort key of an event that is parked for a message; without an event, the prefix of all such keys."""
    return f"{PARKED}{ids.digest(network_id)}#{event and ids.digest(event)}"


def same_words(digest: str, slot: int) -> str:
    return f"{SAME}#{digest}#{slot:07d}"


def reply(id: str) -> str:
    return REPLIES + id


def shortcut(text: str) -> str:
    return f"shortcut#{ids.digest(text)}"


def line(number: int) -> str:
    return f"{LINES}{number:06d}"


def identity(network: str, person: str) -> str:
    return f"identity#{network}#{ids.digest(person)}"


def thread(name: str) -> str:
    return f"thread#{ids.digest(name)}"


def talk(began_at: int, conversation: str) -> str:
    """`began_at` is in ms; talks sort by it."""
    return f"{TALKS}{began_at:013d}#{conversation}"


def views(agency: str, owner: str = "") -> str:
    """The partition of a member's own views; without an owner, that of the shared views."""
    return f"{agency}#{owner or 'views'}"


def webhooks(agency: str) -> str:
    return f"{agency}#webhooks"


def endpoint(id: str) -> str:
    return ENDPOINTS + id


def standing(endpoint: str) -> str:
    return STANDINGS + endpoint


def retry(event: str) -> str:
    return f"retry#{event}"


def delivery(at: int, id: str) -> str:
    """`at` is in ms; deliveries sort by it."""
    return f"{DELIVERIES}{at:013d}#{id}"


def counter(brand: str, shard: str = "") -> str:
    """The sort key of a counter of the brand; without a shard, the prefix of all of them."""
    return f"{brand}#{shard}"


def tally(brand: str, assignee: str = "") -> str:
    """The sort key of a brand's tally, which is the prefix of all tallies there; with an assignee, of theirs in the
    brand.
    """
    return f"{brand}#{assignee}"


def audit(agency: str) -> str:
    return f"{agency}#audit"


def ledger(agency: str, event: str) -> str:
    """The partition of a delivery: one of four, because a single partition takes only a thousand writes a second."""
    return ledgers(agency)[ord(event[-1]) % _LEDGERS]


def ledgers(agency: str) -> list[str]:
    return [f"{agency}#ledger#{shard}" for shard in range(_LEDGERS)]


def chain(number: int) -> str:
    return f"{CHAIN}{number:012d}"


def segment(number: int) -> str:
    return f"{LOG}{number:013d}"


def network_app(network: str, brand: str, id: str = "") -> str:
    return f"netappkept#{network}#{brand}#{id}" if id else f"netapp#{network}#{brand}"


def heir(member: str) -> str:
    return HEIRS + member


def quota(name: str, period: int) -> str:
    return f"quota#{name}#{period}"


def refusals(member: str, operation: str, minute: int) -> str:
    return f"refusals#{member}#{operation}#{minute}"


def external(agency: str) -> str:
    """The partition of the look-ups of clients' ids."""
    return f"{agency}#external"


def external_id(kind: str, text: str, brand: str = "") -> str:
    return f"{kind}#{ids.digest(text)}#{brand}"


def room_number(number: int) -> str:
    """The sort key of a room of sockets."""
    return f"{ROOMS}{number:06d}"


def room(agency: str, number: int) -> str:
    """The partition of the sockets in the room."""
    return f"{agency}#room#{number}"


def watch(agency: str, conversation: str) -> str:
    """The partition of the sockets that have the conversation open."""
    return f"{agency}#watch#{conversation}"


def seat(number: int) -> str:
    return f"{SEATS}{number:02d}"


def socket(id: str) -> str:
    """The partition of a socket's look-up, and its sort key in a room and among those that watch a conversation."""
    return SOCKETS + id


def billing_event(id: str) -> str:
    return f"event#{id}"


def mailed(kind: str, subject: str) -> str:
    return f"mail#{kind}#{subject}"


def figures(agency: str, brand: str = "") -> str:
    """The partition of a brand's figures; without a brand, that of the facts of all brands."""
    return f"{agency}#{brand}#figures" if brand else f"{agency}#figures"


def hour(start: int, prefix: str = HOURS) -> str:
    return f"{prefix}{start:013d}"


def facts(hour: int, batch: str = "") -> str:
    """The sort key of a batch of facts of the hour (ms); without a batch, their prefix."""
    return f"{FACTS}{hour:013d}#{batch}"


def inbox(agency: str, brand: str, status: str) -> str:
    """The index partition of a brand's conversations in one status, or of its replies in one state."""
    return f"{agency}#{brand}#{status}"


def activity(at: int, conversation: str) -> str:
    """The index sort key; `at` is in ms."""
    return f"{at:013d}#{conversation}"
