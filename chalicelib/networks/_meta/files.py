"""Files that are sent to Meta as bytes: uploaded first, and then named by the id that the upload gave."""

from collections.abc import Mapping
from typing import Any

from chalicelib.networks import base, http
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import Codes

UPLOADED = "uploaded:"  # followed by the id of the uploaded file, in place of an address


def type_of(file: base.Media) -> str:
    return "image" if file.kind == "sticker" else file.kind


def payload(file: base.Media) -> dict[str, str]:
    """The file in a message: by its address, or by its id if it was uploaded."""
    uploaded = file.url.startswith(UPLOADED)
    return {"attachment_id": file.url.removeprefix(UPLOADED)} if uploaded else {"url": file.url}


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
    with http.repeatable():
        id = call(network, "POST", path, credentials, body=body, files=file, codes=codes).get(answered)
    if not id:
        raise base.Unreachable("The network did not return the id of the uploaded file.", code="no_id")
    return str(id)
