"""Links between operations: what was made or listed can be shown, changed and removed by its id."""

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]
_OF_ONE = {"get": "show", "patch": "change", "put": "replace", "delete": "remove"}


def add(document: Mapping[str, Any]) -> None:
    """Says in each answer with an id of its own which operations take that."""
    paths = document["paths"]
    for path, verbs in paths.items():
        one = paths.get(f"{path}/{{id}}", {})
        for verb, operation in verbs.items():
            answer = operation["responses"].get("201" if verb == "post" else "200", {})
            links = dict(_links(one, "$response.body#/id")) if verb == "post" else {}
            if verb == "get" and "{" not in path:
                links = dict(
                    _links({name: each for name, each in one.items() if name == "get"}, "$response.body#/items/0/id")
                )
            if links and "content" in answer:
                answer["links"] = links


def _links(one: Mapping[str, Any], id: str) -> Iterator[tuple[str, Json]]:
    for verb, word in _OF_ONE.items():
        if verb in one:
            yield (
                word,
                {
                    "operationId": one[verb]["operationId"],
                    "parameters": {"id": id},
                    "description": one[verb]["summary"],
                },
            )
