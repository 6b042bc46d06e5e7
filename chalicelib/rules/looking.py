"""A quick look at a message that comes in: whether rules may match it. Most messages are clean, and cost only this
look.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib import clock
from chalicelib.brands.hours import DAYS
from chalicelib.channels.channels import Owner
from chalicelib.contacts import contacts
from chalicelib.networks.base import Person
from chalicelib.rules import banned, fields, judging, policies, samples
from chalicelib.rules.judging import Facts
from chalicelib.rules.policies import Policy
from chalicelib.words import competitors, foldings, languages, links, looks
from chalicelib.words.competitors import Author, Same, Score
from chalicelib.words.findings import Verdict
from chalicelib.words.fingerprints import FEWEST_WORDS

Known = Mapping[str, Any]
LONGEST_EMOJI_ONLY = 200
_MOST_FOUND = 8
NOBODY, NO_OTHERS = Author(), Same()


def may_concern(owner: Owner, text: str, person: Person | None, about: Known, now: int) -> bool:
    """True if rules of the brand may match the message of that person. `about` is what else is known of it."""
    policy, author = policies.of(owner.agency, owner.brand, now), account_of(person)
    if policy.asked & fields.LATELY.keys():
        return True  # every message is counted, whatever its content
    verdict = look(policy, text, author)
    known = {
        **of_text(text, verdict), "network": owner.network, "channel": owner.channel, "edited": False,
        "promotion": _promotion(policy, text, author), **of_others(text), **of_account(policy, author),
        **of_brand(policy, now), **about,
    }  # fmt: skip
    is_own = person is not None and is_own_handle(policy.line.own.handles, person.username)
    facts = Facts(known, verdict.findings, banned=_may_be_banned(policy, owner, person, now), own=is_own)
    return judging.may_concern(policy.rules, facts, now)


def may_draw(owner: Owner, message: str, now: int) -> bool:
    """True if people are to look at the message as a sample, in case no rule matches it."""
    return samples.may_draw(policies.of(owner.agency, owner.brand, now).rules, message, now)


def _may_be_banned(policy: Policy, owner: Owner, person: Person | None, now: int) -> bool:
    """True if the person is banned, or if the person is unknown, as with edits."""
    if not policy.banned:
        return False
    return person is None or banned.is_now(policy.banned, contacts.id_of(owner, person), now)


def is_own_handle(handles: Collection[str], username: str) -> bool:
    """True if the line names that user name as the brand's. Display names do not count, as anybody may choose them."""
    name = foldings.entry(username.removeprefix("@"))
    return bool(name) and name in {foldings.entry(handle.removeprefix("@")) for handle in handles}


def account_of(person: Person | None) -> str:
    return (person.username or person.name) if person else ""


def of_account(policy: Policy, account: str) -> dict[str, Any]:
    line = policy.line
    return {"handle_resembles": competitors.resembles(account, line.competitors, line.own)}


def of_brand(policy: Policy, now: int) -> dict[str, Any]:
    """Whether the brand is in a crisis now, if a rule asks for that."""
    return {fields.CRISIS: now < policy.crisis} if fields.CRISIS in policy.asked else {}


def of_time(policy: Policy, at: int) -> dict[str, Any]:
    """The hour and weekday of `at` (ms), by the brand's clocks, if a rule asks for them."""
    if not policy.zone:
        return {}
    local = datetime.fromtimestamp(at / clock.SECOND, UTC).astimezone(clock.zone_of(policy.zone))
    return {"hour": local.hour, "weekday": DAYS[local.weekday()]}


def look(policy: Policy, text: str, author: str) -> Verdict:
    """What the detector finds in the text, and in the name of the author's account; findings in the name are never
    sure.
    """
    verdict = looks.look(text, policy.lexicon, brand=policy.names)
    named = looks.look(author, policy.lexicon, brand=policy.names, handle=True).findings if author else ()
    return Verdict((*verdict.findings, *named)[:_MOST_FOUND], verdict.languages, verdict.domains)


def of_text(text: str, verdict: Verdict) -> dict[str, Any]:
    bare = "".join(text[:LONGEST_EMOJI_ONLY].split())
    return {
        "language": verdict.languages,
        "length": len(text),
        "link": bool(verdict.domains),
        "short_link": any(domain in links.SHORTENERS for domain in verdict.domains),
        "domain": verdict.domains,
        "script": languages.scripts(text),
        "capitals": languages.capitals(text),
        "mentions_only": bool(bare) and all(word.startswith("@") and len(word) > 1 for word in text.split()),
        "emoji_only": bool(bare) and not any(character.isalnum() for character in bare),
        "mentions": sum(word.startswith("@") and len(word) > 1 for word in text.split()),
    }


def of_others(text: str, same: Same | None = None) -> dict[str, int | None]:
    """What rules can ask about others who wrote the same. Before they are counted it is unknown for a text of five
    words or more, and 0 for a shorter one.
    """
    if same is None:
        counts = None if len(text.split()) >= FEWEST_WORDS else 0
        return {"same_words": counts, "same_brands": counts}
    return {"same_words": same.accounts, "same_brands": same.brands}


def score(policy: Policy, text: str, author: Author, same: Same = NO_OTHERS) -> Score:
    """How much speaks for a competitor in disguise."""
    line = policy.line
    return competitors.score(text, line.competitors, policy.lexicon, own=line.own, author=author, same=same)


def _promotion(policy: Policy, text: str, author: str) -> int | None:
    """0 if nothing in the text hints at a competitor; else None: unknown until more is known about the author."""
    if not policy.line.competitors:
        return 0
    return None if score(policy, text, Author(author)).features else 0


def points(score: Score) -> int:
    """The points that rules compare: 0 unless they are enough for a person to look."""
    return score.points if score.most == "queue" else 0
