"""Where an answer leads: from what was made to the operations on it, for readers, generators and fuzzers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.reference import trees

Json = dict[str, Any]


def merged(document: Json) -> Json:
    """The document with links from each operation that makes something to those that show, change and remove it."""
    told = trees.copied(document)
    shown = dict(_shown(told))
    for path, verbs in told["paths"].items():
        if "post" in verbs:
            _lead(path, verbs["post"], shown)
    return told


def _shown(document: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """The operations at the address of one thing, by the component that it is shown as."""
    for path, verbs in document["paths"].items():
        if re.fullmatch(r"/[a-z-]+/{id}", path) and "get" in verbs:
            yield component(verbs["get"]), verbs


def _lead(path: str, operation: Json, shown: Mapping[str, Json]) -> None:
    verbs = shown.get(component(operation))
    if verbs is None or path.endswith("}"):
        return
    for status, answer in operation["responses"].items():
        if status < "300":
            answer["links"] = {
                one["operationId"]: {
                    "operationId": one["operationId"],
                    "description": one["summary"],
                    "parameters": {"id": "$response.body#/id"},
                }
                for verb, one in verbs.items()
                if verb in ("get", "patch", "put", "delete")
            }


def component(operation: Mapping[str, Any]) -> str:
    """What a success answers with; empty if that has no name."""
    for status, answer in operation["responses"].items():
        if status < "300" and "application/json" in answer.get("content", {}):
            return trees.named(answer["content"]["application/json"]["schema"])
    return ""
