"""The descriptions in the API's document, from reference/: no function on Lambda loads them.

`common.yaml` has what means the same everywhere, and each tag has a file. The first of these counts: the words of an
operation or component, those of its tag, a description in the schema itself, `common.yaml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.api.http import Route
from local import yaml_files
from local.environment import ROOT
from local.reference import codes, rights, trees

Json = dict[str, Any]
PLACE = ROOT / "reference"


@dataclass(frozen=True)
class Words:
    """The introduction, the common words, and those of each tag, by the name of its file."""

    introduction: str
    common: Mapping[str, Any]
    tags: Mapping[str, Mapping[str, Any]]

    def operation(self, tag: str, id: str) -> Mapping[str, Any]:
        words: Mapping[str, Any] = self.tags.get(tag, {}).get("operations", {}).get(id, {})
        return words

    def schema(self, component: str) -> Mapping[str, Any]:
        """The words of a component, from the file of whichever tag has them."""
        return next(self._of(component), {})

    def _of(self, component: str) -> Iterator[Mapping[str, Any]]:
        every = (words.get("schemas", {}) for words in (*self.tags.values(), self.common))
        return (schemas[component] for schemas in every if component in schemas)


def read() -> Words:
    places = [path for path in sorted(PLACE.glob("*.yaml")) if path != codes.PLACE]
    files = {path.stem: yaml_files.read(path) for path in places}
    common = files.pop("common")
    return Words((PLACE / "introduction.md").read_text(), common, files)


def merged(document: Mapping[str, Any], routes: Sequence[Route], words: Words) -> Json:
    """The document with its descriptions."""
    page = trees.copied(document)
    page["info"]["description"] = words.introduction
    by_id = {route.view.__name__: route for route in routes}
    for operation in trees.operations(page):
        _describe_operation(operation, by_id[operation["operationId"]], words)
    tags = sorted({tag for operation in trees.operations(page) for tag in operation["tags"]})
    page["tags"] = [{"name": tag, "description": words.tags.get(tag, {}).get("tag", "")} for tag in tags]
    for name, schema in trees.schemas(page).items():
        _describe(name, schema, words)
    for operation in trees.operations(page):
        _answer(operation, trees.schemas(page))
    return page


def _describe_operation(operation: Json, route: Route, words: Words) -> None:
    tag = operation["tags"][0]
    own = words.operation(tag, operation["operationId"])
    operation["description"] = f"{own.get('description', '').strip()}\n\n{rights.sentence(route)}"
    of_tag = words.tags.get(tag, {}).get("parameters", {})
    for parameter in trees.parameters(operation):
        name, said = parameter["name"], parameter["schema"].pop("description", "")
        description = own.get("parameters", {}).get(name) or of_tag.get(name) or said
        parameter["description"] = description or words.common["parameters"].get(name, "")


def _answer(operation: Json, schemas: Mapping[str, Json]) -> None:
    """Describes the successful answers."""
    for status in {"200", "201", "202"} & set(operation["responses"]):
        answer = operation["responses"][status]
        component = trees.named(answer["content"]["application/json"]["schema"])
        if component in schemas:
            begin = "Taken; it happens in a moment. " if status == "202" else ""
            answer["description"] = begin + schemas[component]["description"]


def _describe(name: str, schema: Json, words: Words) -> None:
    own = words.schema(name)
    said = own.get("description") or schema.get("description")
    schema["description"] = said or (words.common["page"] if _is_page(name, schema) else "")
    for path, short, holder in list(trees.properties(schema)):
        inner = holder[short]
        if isinstance(inner, dict):
            text = own.get("properties", {}).get(path) or inner.get("description") or _common(short, inner, words)
            holder[short] = {**inner, "description": text} if text else inner


def _is_page(name: str, schema: Mapping[str, Any]) -> bool:
    return name.endswith("Page") and {"items", "next"} <= set(schema.get("properties", ()))


def _common(name: str, schema: Mapping[str, Any], words: Words) -> str:
    """The common description of properties with that name; a component has its own."""
    return "" if "$ref" in schema else str(words.common["properties"].get(name, ""))


def silent(document: Mapping[str, Any]) -> list[str]:
    """All parts of the document that have no description."""
    return sorted({*_silent_operations(document), *_silent_schemas(document)})


def _silent_operations(document: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"tag {tag['name']}" for tag in document["tags"] if not tag["description"])
    for operation in trees.operations(document):
        id, (text, *_) = operation["operationId"], operation["description"].split("\n\n")
        if text.strip() in ("", operation["summary"]):
            yield f"operation {id}"
        for parameter in trees.parameters(operation):
            if not parameter["description"]:
                yield f"parameter {id} {parameter['name']}"


def _silent_schemas(document: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in trees.schemas(document).items():
        if not schema["description"]:
            yield f"schema {name}"
        for path, short, holder in trees.properties(schema):
            inner = holder[short]
            if isinstance(inner, dict) and not inner.get("description") and not trees.named(inner):
                yield f"property {name} {path}"


def left_over(document: Mapping[str, Any], words: Words) -> list[str]:
    """Descriptions of what is not in the document, and those that two files have."""
    return sorted({*_strangers(document, words), *_twice(words)})


def _strangers(document: Mapping[str, Any], words: Words) -> Iterator[str]:
    operations = {
        (operation["tags"][0], operation["operationId"]): operation for operation in trees.operations(document)
    }
    tags = {tag for tag, _ in operations}
    for tag, said in words.tags.items():
        yield from (f"{tag}" for _ in range(tag not in tags))
        for id, own in said.get("operations", {}).items():
            known = {parameter["name"] for parameter in trees.parameters(operations.get((tag, id), {"parameters": ()}))}
            yield from (f"{tag}: {id}" for _ in range((tag, id) not in operations))
            yield from (f"{tag}: {id} {name}" for name in own.get("parameters", {}) if name not in known)
    schemas = trees.schemas(document)
    for tag, said in {**words.tags, "common": words.common}.items():
        for name, own in said.get("schemas", {}).items():
            known = {path for path, _, _ in trees.properties(schemas.get(name, {}))}
            yield from (f"{tag}: {name}" for _ in range(name not in schemas))
            yield from (f"{tag}: {name}.{path}" for path in own.get("properties", {}) if path not in known)
    parameters = {parameter["name"] for operation in operations.values() for parameter in trees.parameters(operation)}
    names = {short for schema in schemas.values() for _, short, _ in trees.properties(schema)}
    yield from (f"common: {name}" for name in words.common["parameters"] if name not in parameters)
    yield from (f"common: {name}" for name in words.common["properties"] if name not in names)


def _twice(words: Words) -> Iterator[str]:
    seen: set[str] = set()
    for said in (*words.tags.values(), words.common):
        yield from (f"{name} twice" for name in said.get("schemas", {}) if name in seen)
        seen |= set(said.get("schemas", {}))
