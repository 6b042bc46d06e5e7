"""Items of moderation: decisions about messages, cases for people to decide, and what people did before."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.items import Inbox, Item, Json, Listed, Packed, Whole

# What parts of decisions are like, the commonest last: they are packed with it, so that a decision stays below 1 KB,
# above which each of its writes costs double. It may never be changed.
_LIKE = (
    '[{"feature":"","value":null,"weight":1,"do":"escalate","do":"label","state":"refused","code":"gone"'
    '"certainty":"aim","how":["spaced","joined"],"category":"threat","category":"scam","clause":"safety.threats"'
    '[{"do":"queue","value":null,"clause":"advertising.spam","rule":"rul_","version":1,"state":"done","code":null},'
    '{"do":"hide","value":null,"clause":"respect.insults","rule":"rul_","version":1,"state":"planned","code":null},'
    '{"do":"strike","value":1,"clause":"[{"rule":"rul_","version":1,"live":false,"clause":"respect.insults"},'
    '{"rule":"rul_","version":1,"live":true,"clause":"respect.insults"}]'
    '[{"category":"insult","severity":2,"certainty":"clear","means":"","how":["leet"],"term_list":null,"aimed":true,'
    '"quoted":false,"denied":false,"kind":false,"spans":[{"at":0,"length":1,"at16":0,"text":"'
)


class Decision(Listed):
    """What rules or a person once decided about a message. Only its state changes later.

    `text` is the digest of what was judged. `findings` are those of the detector, with the words as written; `features`
    are the signs that a message advertises a competitor in disguise. `matches` are the rules that matched, `{rule,
    version, live, clause}`; `acts` what is to be done because of them, `{do, value, clause, rule, state, code}`. `by`
    is `rules`, or the id of the member or key. `line` is the version of the line that was in force, 0 for none;
    `strike` the weight with which it counts. `replies` are proposed answers, each `{canned_reply, text}`, as they were
    then. `person` is who decided, and `appeal` what the author said against it: see `schemas.APPEAL`.
    """

    index = Inbox()
    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    conversation = UnicodeAttribute()
    message = UnicodeAttribute()
    contact = UnicodeAttribute(default="")
    text = UnicodeAttribute()
    line = Whole(default=0)
    findings = Packed(default=list, like=_LIKE)
    matches = Packed(default=list, like=_LIKE)
    features = Packed(null=True, like=_LIKE)
    acts = Packed(default=list, like=_LIKE)
    state = UnicodeAttribute()
    by = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    strike = Whole(default=0)
    replies = Json(null=True)
    undone_by = UnicodeAttribute(null=True)
    person = Json(null=True)
    appeal = Json(null=True)
    version = Whole(default=1)
    at = Whole()
    updated_at = Whole()


class Case(Listed):
    """What a person has to decide about a message. While open it is listed by priority and age, afterwards as done.

    `why` are the reasons, `proposed` what a machine would do, `masked` which words were found, `replies` proposed
    answers. Its `holder` works on it until `held_until` (ms). `skipped` has, by member, until when it is not offered to
    them. `outcome` is `{acts, clause, reason, by, at}`, of a raid with its `job`. `passed_on` is `{by, reason, at}`,
    where `by` are all who passed it on to whoever publishes the line. If it has a clock it is to be decided until
    `due_at` (ms), and is `overdue` after that. `judged_by` is the person who judged the same sample before. The case of
    a braked `rule` stands for so many `others`, too; `named` has the ids of the first of them. `cites` is the clause
    and the rule, `told` who was notified because nobody decided in time, `{members, at}`. `contact` wrote the message.
    """

    index = Inbox()
    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    conversation = UnicodeAttribute()
    message = UnicodeAttribute()
    decision = UnicodeAttribute()
    why = Json(default=list)
    category = UnicodeAttribute(default="")
    severity = Whole(default=0)
    priority = Whole()
    proposed = UnicodeAttribute(null=True)
    masked = UnicodeAttribute(default="")
    replies = Json(null=True)
    state = UnicodeAttribute()
    holder = UnicodeAttribute(null=True)
    held_until = Whole(default=0)
    skipped = Json(null=True)
    passed_on = Json(null=True)
    due_at = Whole(null=True)
    overdue = BooleanAttribute(null=True)
    outcome = Json(null=True)
    judged_by = Json(null=True)
    rule = UnicodeAttribute(null=True)
    others = Whole(default=0)
    named = UnicodeSetAttribute(null=True)
    cites = Json(null=True)
    told = Json(null=True)
    contact = UnicodeAttribute(default="")
    version = Whole(default=1)
    at = Whole()
    updated_at = Whole()


class Raid(Item):
    """The latest case that was opened for messages which a braked rule would have hidden."""

    case = UnicodeAttribute()


class Undo(Item):
    """The latest job that was started to take back what the rule did."""

    job = UnicodeAttribute()


class Standing(Item):
    """What a person did before: `strikes` are `{at, weight, decision}`, the oldest first.

    `ban` is the id of the ban that is proposed or active; there is one at a time. `banned_before`: an earlier ban
    ended. `about` is the brand, and facts of the decision behind the strike that was last added or removed.
    """

    strikes = Json(default=list)
    about = Json(null=True)
    ban = UnicodeAttribute(null=True)
    banned_before = BooleanAttribute(null=True)
    version = Whole(default=0)


class AuthorVerdicts(Item):
    """How often people agreed that a person's messages broke the line (`upheld`), and how often not (`overturned`)."""

    upheld = Whole(default=0)
    overturned = Whole(default=0)


class StoredBackTest(Item):
    """What a version of a rule would do with a brand's past messages, as far as its job has read them.

    It reads messages from `since` to `until` (ms), which is when it began. `position` is where it goes on, `added` how
    many messages its last portion read. `expires` is in seconds, for TTL.
    """

    job = UnicodeAttribute()
    rule = UnicodeAttribute()
    rule_version = Whole()
    since = Whole()
    until = Whole()
    report = Packed(default=dict)
    position = UnicodeAttribute(default="")
    added = Whole(default=0)
    expires = Whole()


class Ban(Listed):
    """A contact whose messages a person has to look at, all of them. It is listed by its state.

    `by` is the person who proposed it, `decided_by` the member who approved, rejected or lifted it. `until` is in ms; a
    ban with `days` ends so many days after its approval, whatever `until` was before.
    `networks` has the result on each network: `banned`, `restricted`, `let_in` or `refused`. `extent` is what the
    networks are asked for: `ban`, or `restrict`.
    """

    index = Inbox()
    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    contact = UnicodeAttribute()
    extent = UnicodeAttribute(default="ban")
    clause = UnicodeAttribute()
    reason = UnicodeAttribute()
    until = Whole(null=True)
    days = Whole(null=True)
    state = UnicodeAttribute()
    by = Json()
    decided_by = UnicodeAttribute(null=True)
    decided_reason = UnicodeAttribute(null=True)
    networks = Json(default=dict)
    version = Whole(default=1)
    at = Whole()
    updated_at = Whole()


class Banned(Item):
    """The ids of all contacts whom the brand bans, each with the time (ms) at which that ends, or 0."""

    contacts = Packed(default=dict)
    version = Whole(default=1)


class SameWords(Item):
    """Who wrote nearly the same within half an hour, as `same_words` has it; for a contact, what they wrote within an
    hour, as `{time}#{message}`. `expires` is in seconds, for TTL.
    """

    names = UnicodeSetAttribute(null=True)
    expires = Whole()
