"""Files for programs that answer questions about the API: /llms.txt and /llms-full.txt (https://llmstxt.org)."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.reference.files import API
from local.reference import guides, problems, trees

_ABOUT = (
    "The inbox of agencies that run the social accounts of brands: comments, mentions, reviews and direct messages of"
    " their networks in one list, answers with approvals, everything over one REST API."
)

_RULES = (
    f"All addresses begin with {API}/v1. Requests and answers are JSON; a refusal is a problem of RFC 9457 with a"
    " stable `code`. Send `Authorization: Bearer` with a token or a key."
)


def files(document: Mapping[str, Any]) -> dict[str, str]:
    return {"llms.txt": short(document), "llms-full.txt": full(document)}


def short(document: Mapping[str, Any]) -> str:
    """An overview of where everything is."""
    listed = (f"- [{guide.title}]({API}/docs/guides/{guide.name}): {guide.about}" for guide in guides.every())
    tags = (f"- {tag['name']}: {tag['description']}" for tag in document["tags"])
    return "\n".join(
        [
            f"# Palabre\n\n> {_ABOUT}\n",
            f"{_RULES}\n",
            "## Guides\n", *listed,
            "\n## Reference\n",
            f"- [OpenAPI document]({API}/v1/openapi.json): every operation, schema and example.",
            f"- [Problems]({API}/v1/problems): every code, what it comes from, whether waiting helps, what to do.",
            f"- [Everything as text]({API}/llms-full.txt): the guides, operations and problems in one file.",
            f"- [Changes]({API}/docs/changes.json): what changed in the API, and what breaks.",
            "\n## Operations by subject\n", *tags,
        ]
    ) + "\n"  # fmt: skip


def full(document: Mapping[str, Any]) -> str:
    parts = [short(document), "# Introduction\n\n" + document["info"]["description"]]
    parts += [guide.text for guide in guides.every()]
    parts += ["# Operations", *_operations(document), "# Problems", *_problems()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            named = ", ".join(
                f"`{parameter['name']}`" for parameter in trees.parameters(operation) if parameter["in"] == "query"
            )
            asked = f"\n\nParameters: {named}." if named else ""
            text = operation["description"].strip()
            yield f"## {verb.upper()} /v1{path}\n\n{operation['summary']}\n\n{text}{asked}"


def _problems() -> Iterator[str]:
    for page in problems.pages():
        statuses = ", ".join(map(str, page.statuses))
        yield f"## `{page.code}` ({statuses})\n\n{page.cause} Waiting helps: {page.waiting}. {page.do}"
