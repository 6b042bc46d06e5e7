"""Example files of templates. A template whose header is a file is submitted with an example, which the network
reviews.

The author names an upload in `header_handle`; at submission the network's own handle takes its place. A handle that
came from elsewhere is left as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from chalicelib import errors, ids
from chalicelib.aws import storage
from chalicelib.networks.base import Credentials, Loaded, Media, MediaKind
from chalicelib.networks.templates import Template, Templates
from chalicelib.uploads import uploads

LARGEST = 16 << 20  # bytes: the function that hands it in has to end in time
_KINDS: Mapping[str, MediaKind] = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "file"}


def keep(agency: str, template: Template, now: int) -> None:
    """Keeps the uploads that the template names. Raises Invalid for one that does not exist, or is of another kind than
    the header.
    """
    for _ in _files(agency, template, now):
        pass


def handed_in(agency: str, network: Templates, credentials: Credentials, template: Template, now: int) -> Template:
    """The template with the network's handles in place of our uploads. Raises what `keep` and the network raise."""
    handles = {id: network.example(credentials, _loaded(file)) for id, file in _files(agency, template, now)}
    return replace(template, components=[_with(dict(component), handles) for component in template.components])


def _files(agency: str, template: Template, now: int) -> Iterator[tuple[str, Media]]:
    for place, component in enumerate(template.components):
        for id in _named(component):
            try:
                file = uploads.as_file(agency, id, _KINDS.get(component.get("format", ""), ""), now)
            except errors.NotFound as unknown:
                field = f"components.{place}.example.header_handle"
                raise errors.Invalid(
                    "The upload does not exist, or has expired.", code="upload_missing", field=field
                ) from unknown
            if file.size > LARGEST:
                raise errors.Invalid(
                    f"An example has at most {LARGEST} bytes.", code="upload_too_large", field=f"components.{place}"
                )
            yield id, file


def _named(component: Mapping[str, Any]) -> list[str]:
    example = component.get("example")
    handles = example.get("header_handle") if isinstance(example, dict) else None
    return [handle for handle in handles if ids.is_id(handle, "upl")] if isinstance(handles, list) else []


def _loaded(file: Media) -> Loaded:
    content = storage.get(file.url)
    if content is None:
        raise errors.Invalid("The file no longer exists. Upload it again.", code="file_unavailable", field="components")
    return Loaded(**asdict(file), content=content)


def _with(component: dict[str, Any], handles: Mapping[str, str]) -> Mapping[str, Any]:
    if not _named(component):
        return component
    given = [handles.get(handle, handle) for handle in component["example"]["header_handle"]]
    return {**component, "example": {**component["example"], "header_handle": given}}
