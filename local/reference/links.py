"""Links of the document: from the answer that makes a thing to the operations on it, for readers, generators and
fuzzers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.reference import trees

Json = dict[str, Any]
_VERBS = ("get", "patch", "put", "delete")
# Where else one goes from what is shown at an address: to which operation, and where the answer has its `id`.
_BESIDE = {
    "/conversations/{id}": ("/conversations/{id}/messages", "id"),
    "/messages/{id}": ("/conversations/{id}", "conversation"),
}


def merged(document: Json) -> Json:
    """The document with links: from operations that make or move a thing to those that show, change or remove it, and
    `_BESIDE`.
    """
    page = trees.copied(document)
    paths, shown = page["paths"], dict(_shown(page))
    for path, verbs in paths.items():
        if "post" in verbs and not path.endswith("}"):
            _lead(verbs["post"], _of_made(path, page) or shown.get(component(verbs["post"]), ()), "id")
    for path, (there, name) in _BESIDE.items():
        if path in paths:
            _lead(paths[path]["get"], [paths[there]["get"]], name)
    return page


def _shown(document: Mapping[str, Any]) -> Iterator[tuple[str, list[Json]]]:
    """For each component: the operations at the address of one thing that is shown as this component."""
    for path, verbs in document["paths"].items():
        if re.fullmatch(r"/[a-z-]+/{id}", path):
            yield from ((component(verbs[verb]), _at(verbs)) for verb in _VERBS[:-1] if verb in verbs)


def _of_made(path: str, document: Json) -> list[Json]:
    """The operations at the address of the thing that is made there, if the answer has its id."""
    made = trees.schemas(document).get(component(document["paths"][path]["post"]), {})
    has_id = "id" in made.get("required", ())
    return _at(document["paths"].get(f"{path}/{{id}}", {})) if has_id else []


def _at(verbs: Mapping[str, Json]) -> list[Json]:
    return [verbs[verb] for verb in verbs if verb in _VERBS]


def _lead(operation: Json, there: Iterable[Json], name: str) -> None:
    links = {
        link["operationId"]: {
            "operationId": link["operationId"],
            "description": link["summary"],
            "parameters": {"id": f"$response.body#/{name}"},
        }
        for link in there
    }
    for status, answer in operation["responses"].items():
        if status < "300" and links:
            answer["links"] = links


def component(operation: Mapping[str, Any]) -> str:
    """The component with which a success answers; empty if its schema has no name."""
    for status, answer in operation["responses"].items():
        if status < "300" and "application/json" in answer.get("content", {}):
            return trees.named(answer["content"]["application/json"]["schema"])
    return ""
