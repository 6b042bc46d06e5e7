"""Files that are sent to Meta as bytes: uploaded first, and then named by the id that the upload gave."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import Codes

UPLOADED = "uploaded:"  # followed by the id of the uploaded file, in place of an address


def type_of(file: base.Media) -> str:
    return "image" if file.kind == "sticker" else file.kind


def payload(file: base.Media) -> dict[str, str]:
    """The file in a message: by its address, or by its id if it was uploaded."""
    uploaded = file.url.startswith(UPLOADED)
    return {"attachment_id": file.url.removeprefix(UPLOADED)} if uploaded else {"url": file.url}


@contextmanager
def saying_nothing() -> Iterator[None]:
    """An upload shows nothing to anybody and may be repeated: what is Unknown inside becomes Unreachable."""
    try:
        yield
    except base.Unknown as unsure:
        raise base.Unreachable(unsure.text, code=unsure.code) from unsure


def upload(
    network: str,
    path: str,
    credentials: base.Credentials,
    body: Mapping[str, Any],
    file: Mapping[str, base.Loaded],
    answered: str,
    codes: Codes,
) -> str:
    """The id of the uploaded file, from the field `answered`. A failure is never Unknown: it may be repeated."""
    with saying_nothing():
        id = call(network, "POST", path, credentials, body=body, files=file, codes=codes).get(answered)
    if not id:
        raise base.Unreachable("The network took a file without telling its id.", code="no_id")
    return str(id)
