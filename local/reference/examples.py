"""Examples of operations: calls that tests made, stored in `reference/examples` as `{operation id}.json`.

Each has `status` and `answer` and, if there was one, `query` and `body`. Secrets and values that differ each time are
replaced by stand-ins. Of lists in the answer only some items are kept.
"""

import json
from collections.abc import Mapping
from typing import Any

from local.environment import ROOT
from local.reference import trees

Json = dict[str, Any]
PLACE = ROOT / "reference" / "examples"
_JSON = "application/json"


def read() -> Mapping[str, Json]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(PLACE.glob("*.json"))}


def write(id: str, example: Mapping[str, Any]) -> None:
    PLACE.mkdir(exist_ok=True)
    (PLACE / f"{id}.json").write_text(json.dumps(example, indent=1, ensure_ascii=False) + "\n")


def merged(document: Json, examples: Mapping[str, Json]) -> Json:
    """The document with an example of each body, query and answer."""
    page = trees.copied(document)
    for operation in trees.operations(page):
        if example := examples.get(operation["operationId"]):
            _show(operation, example)
    return page


def _show(operation: Json, example: Json) -> None:
    operation["responses"][str(example["status"])]["content"][_JSON]["example"] = example["answer"]
    if "body" in example:
        operation["requestBody"]["content"][_JSON]["example"] = example["body"]
    for parameter in trees.parameters(operation):
        if parameter["name"] in example.get("query", {}):
            parameter["example"] = example["query"][parameter["name"]]
