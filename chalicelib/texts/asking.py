"""Turns a request into a search."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import errors, moments
from chalicelib.access.actors import Actor
from chalicelib.brands import brands
from chalicelib.texts import choices, lines, queries, results, searches
from chalicelib.texts.indexes import Query, within
from chalicelib.texts.searches import Search

_MOMENTS = ("since", "until")
Asked = Mapping[str, Any]
Reader = Callable[[Actor, Search], results.Read]
_OF_MESSAGES: Mapping[str, Reader] = {"messages": results.of_messages, "conversations": results.of_conversations}


def results_page(actor: Actor, asked: Asked) -> Mapping[str, Any]:
    """A page of results. Raises Invalid for a query without anything to search for, NotFound for a brand that the actor
    does not see.
    """
    kind = asked["in"]
    if kind == "contacts":
        if "label" in asked:
            raise errors.Invalid(
                "`label` does not go with contacts: only conversations have labels.", code="not_together", field="label"
            )
        actor = actor.at(("contact.view",))
        return _page(actor, asked, lines.CONTACTS, queries.names(asked.get("q", "")), results.of_contacts)
    return _page(actor, asked, lines.MESSAGES, queries.words(asked.get("q", "")), _OF_MESSAGES[kind])


def contacts(actor: Actor, asked: Asked) -> Mapping[str, Any]:
    """A page of contacts. Raises as `results_page` does."""
    words = queries.names(asked["q"]) if "q" in asked else ()
    return _page(actor, asked, lines.CONTACTS, words, results.contacts_of)


def _page(actor: Actor, asked: Asked, shelf: str, words: tuple[str, ...], reader: Reader) -> Mapping[str, Any]:
    time, index, network = within(results.SECONDS), choices.index(), asked.get("network", "")
    since, until = (moments.parse(asked[name], name) if name in asked else None for name in _MOMENTS)
    of_messages = network if shelf == lines.MESSAGES else ""
    query = Query(words, _brands(actor, asked.get("brand")), asked.get("author", ""), of_messages, since, until)
    labels = frozenset(asked.get("label", ()))
    search = Search(actor.agency, index, shelf, query, searches.news(actor.agency, index), network, labels)
    narrowed = [f"{name}={asked[name]}" for name in sorted(asked.keys() - {"cursor", "limit", "q"})]
    scope = "|".join(["texts", shelf, actor.agency, *narrowed, *words])
    return results.listing(search, reader(actor, search), scope, asked["limit"], asked.get("cursor"), time)


def _brands(actor: Actor, asked: str | None) -> frozenset[str] | None:
    """The brands that are searched; None for all of the agency."""
    every = actor.brands()
    return frozenset(brands.scope(actor, asked)) if asked else every
