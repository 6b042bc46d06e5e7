"""Items of moderation: what was decided about messages, what people have to decide, what somebody has done before."""

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
    """What was decided about a message once, by rules or by a person. It never changes but in its state.

    `text` is the digest of what was judged. `findings` are those of the detector, with the words as written, `features`
    what speaks for a competitor in disguise. `matches`
    are the rules that meant it, `{rule, version, live, clause}`; `acts` what is to be done for their sake,
    `{do, value, clause, rule, state, code}`. `by` is `rules`, or the id of the member or key. `line` is the version of
    the line that was in force, 0 for none; `strike` the weight that it counts with. `replies` are what may be answered,
    each `{canned_reply, text}`, as it was then. `person` is who decided,
    and `appeal` what the author said against it: see `schemas.APPEAL`.
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
    """What a person has to decide about a message. It is listed while it is open, by priority and age, then as done.

    `why` says for which reasons, `proposed` what a machine would do, `masked` which words were found, `replies` what
    may be answered. Who works on it is its `holder` until `held_until` (ms). `skipped` has, by member, until when it is
    not offered to them. `outcome` is `{acts, clause, reason, by, at}`, of a raid with its `job`. `passed_on` is `{by,
    reason, at}`, where `by` are all who passed it on to who publishes the line. It is to be decided until `due_at`
    (ms), if it has a clock, and is `overdue` then. `judged_by` is the person who judged the same sample before. That of
    a braked `rule` is about so many `others`, too, of which `named` has the ids of the first ones. `cites` is the
    clause and the rule, `told` who was told as nobody decided in time, `{members, at}`.
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
    version = Whole(default=1)
    at = Whole()
    updated_at = Whole()


class Raid(Item):
    """The case that was opened last for what a braked rule would have hidden."""

    case = UnicodeAttribute()


class Undo(Item):
    """The job that was started last to take back what the rule did."""

    job = UnicodeAttribute()


class Standing(Item):
    """What a person did before: `strikes` are `{at, weight, decision}`, the oldest first.

    `ban` is the id of the ban that is proposed or active; there is one at a time. `banned_before`: one ended.
    `about` is what the strike that came or went last is for, with the brand.
    """

    strikes = Json(default=list)
    about = Json(null=True)
    ban = UnicodeAttribute(null=True)
    banned_before = BooleanAttribute(null=True)
    version = Whole(default=0)


class StoredBackTest(Item):
    """What a version of a rule makes of a brand's messages of the past, as far as its job has read them.

    Of those that were said from `since` to `until` (ms), which is when it began. `position` is where it goes on,
    `added` how many messages its last portion read. `expires` is in seconds, for TTL.
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
    """That all which a contact says is to be looked at. It is listed by its state.

    `by` is the person who proposed it, `decided_by` the member who approved, rejected or lifted it. `until` is in ms.
    `networks` has what came of it on each: `banned`, `restricted`, `let_in` or `refused`. `extent` is what those are
    asked for: `ban`, or `restrict`.
    """

    index = Inbox()
    id = UnicodeAttribute()
    brand = UnicodeAttribute()
    contact = UnicodeAttribute()
    extent = UnicodeAttribute(default="ban")
    clause = UnicodeAttribute()
    reason = UnicodeAttribute()
    until = Whole(null=True)
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
    """Who said nearly the same in half an hour, as `same_words` has it; of a contact what they said in an hour, as
    `{time}#{message}`. `expires` is in seconds, for TTL.
    """

    names = UnicodeSetAttribute(null=True)
    expires = Whole()
