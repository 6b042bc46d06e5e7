"""/v1/rules and /v1/term-lists: what is to be done about messages, and the words that a brand looks for."""

from chalicelib import ids
from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.rules import abilities, presentation, rulebooks, schemas, term_lists, trials
from chalicelib.rules.rulebooks import Stored
from chalicelib.store.models.brands import StoredTermList

EDIT = "editorial_line.edit"


def _rule(call: Call) -> Stored:
    return rulebooks.get(call.actor, call.path["id"])


def _shown(call: Call, stored: Stored) -> Json:
    return presentation.rule(stored, abilities.networks_of(call.actor.agency, rulebooks.brand_of(stored)))


def _clauses(call: Call, brand: str) -> frozenset[str]:
    from chalicelib.rules import policies

    return policies.lasting_clauses(call.actor.agency, brand)


@route("GET", "/brands/{id}/rules", permission=SIGNED_IN, query=schema.PAGE, answer=schema.listing(schemas.RULE))
def list_rules(call: Call) -> Json:
    """Lists a brand's rules in the order in which they are checked; a new brand has some in shadow."""
    brand = brands.get(call.actor, call.path["id"])
    book = rulebooks.load(call.actor.agency, brand.id)
    there = abilities.networks_of(brand.pk, brand.id)
    return pages.among(call, f"rules|{brand.id}", [presentation.rule(rule, there) for rule in book.rules])


@route("POST", "/rules", pays="work", permission=EDIT, body=schemas.NEW_RULE, answer=schemas.RULE, status=201)
def create_rule(call: Call) -> Json:
    """Creates a rule as a draft, after all others; it has no effect until it is in shadow or live."""
    said = dict(call.body)
    brand = brands.get(call.actor, said.pop("brand")).id
    name = said.pop("name")
    return _shown(call, rulebooks.create(call.actor, brand, name, said, _clauses(call, brand), call.now))


@route("GET", "/rules/{id}", permission=SIGNED_IN, answer=schemas.RULE)
def show_rule(call: Call) -> Json:
    """Shows the newest version of a rule, and an older version if that one is still live."""
    return _shown(call, _rule(call))


@route(
    "PATCH",
    "/rules/{id}",
    pays="work",
    permission=EDIT,
    body=schemas.RULE_CHANGES,
    answer=schemas.RULE,
    versioned=True,
)
def change_rule(call: Call) -> Json:
    """Changes a rule; a change of its meaning goes into shadow first, while the live version stays at work."""
    stored = _rule(call)
    call.matches(stored["version"])
    clauses = _clauses(call, ids.brand_of(stored["id"]))
    changed = rulebooks.change(call.actor, stored["id"], stored["version"], call.body, clauses, call.now)
    return _shown(call, changed)


@route("DELETE", "/rules/{id}", pays="work", permission=EDIT, answer=schema.NOTHING, versioned=True)
def remove_rule(call: Call) -> Json:
    """Removes a rule that is not live; its decisions stay."""
    stored = _rule(call)
    call.matches(stored["version"])
    rulebooks.remove(call.actor, stored["id"], stored["version"], call.now)
    return {}


@route(
    "POST",
    "/rules/{id}/state",
    pays="protect",
    permission="rule.activate",
    body=schemas.TO_STATE,
    answer=schemas.RULE,
)
def move_rule(call: Call) -> Json:
    """Puts a rule into shadow, sets it live, or retires it. Only people can do this."""
    call.actor.check_is_person()
    stored, state, despite = _rule(call), call.body["state"], call.body.get("despite")
    wanted = state == "live" and not despite
    lists = tuple(term_lists.every(call.actor.agency, rulebooks.brand_of(stored))) if wanted else ()
    return _shown(call, rulebooks.move_to(call.actor, stored["id"], state, despite, call.now, lists))


@route("PUT", "/brands/{id}/rules/order", pays="work", permission=EDIT, body=schemas.ORDER, answer=schemas.ORDER)
def order_rules(call: Call) -> Json:
    """Sets the order in which a brand's rules are checked."""
    brand = brands.get(call.actor, call.path["id"])
    rulebooks.reorder(call.actor, brand.id, call.body["rules"], call.now)
    return {"rules": call.body["rules"]}


@route("POST", "/rules/{id}/test", pays="never", permission=EDIT, body=schemas.TRIAL, answer=schemas.TRIED)
def try_rule(call: Call) -> Json:
    """Shows what a rule would do about a text, and what is found in it; nothing is kept."""
    return trials.of_rule(call.actor.agency, _rule(call), call.body, call.now)


def _list(call: Call) -> StoredTermList:
    return term_lists.get(call.actor, call.path["id"])


@route(
    "GET",
    "/brands/{id}/term-lists",
    permission=SIGNED_IN,
    query=schema.PAGE,
    answer=schema.listing(schemas.TERM_LIST),
)
def list_term_lists(call: Call) -> Json:
    """Lists the term lists of a brand: words to look for beside those that the detector knows."""
    brand = brands.get(call.actor, call.path["id"])
    return pages.answer(
        call, f"terms|{brand.id}", lambda after: term_lists.every(brand.pk, brand.id, after), term_lists.view
    )


@route(
    "POST",
    "/term-lists",
    pays="work",
    permission=EDIT,
    body=schemas.NEW_TERM_LIST,
    answer=schemas.TERM_LIST,
    status=201,
)
def create_term_list(call: Call) -> Json:
    """Creates a list of words to look for; warns of everyday words in it."""
    fields = dict(call.body)
    brand = brands.get(call.actor, fields.pop("brand")).id
    own = trials.own_names(call.actor.agency, brand)
    return term_lists.view(term_lists.create(call.actor, brand, fields, own, call.now))


@route("GET", "/term-lists/{id}", permission=SIGNED_IN, answer=schemas.TERM_LIST)
def show_term_list(call: Call) -> Json:
    """Shows a term list."""
    return term_lists.view(_list(call))


@route(
    "PATCH",
    "/term-lists/{id}",
    pays="work",
    permission=EDIT,
    body=schemas.TERM_LIST_CHANGES,
    answer=schemas.TERM_LIST,
    versioned=True,
)
def change_term_list(call: Call) -> Json:
    """Changes a term list; the change takes effect within ten seconds."""
    stored = _list(call)
    call.matches(stored.version)
    own = trials.own_names(call.actor.agency, stored.brand)
    return term_lists.view(term_lists.change(call.actor, stored, call.body, own, call.now))


@route("DELETE", "/term-lists/{id}", pays="work", permission=EDIT, answer=schema.NOTHING, versioned=True)
def remove_term_list(call: Call) -> Json:
    """Removes a term list; rules that use it no longer find anything with it."""
    stored = _list(call)
    call.matches(stored.version)
    term_lists.remove(call.actor, stored, call.now)
    return {}


@route("POST", "/term-lists/{id}/test", pays="never", permission=EDIT, body=schemas.TEXT, answer=schemas.FOUND)
def try_term_list(call: Call) -> Json:
    """Shows what a term list finds in a text; nothing is kept."""
    return trials.of_list(_list(call), call.body["text"])
