"""Uploads: a browser puts a file into the bucket with a form that we signed, and replies name it by its id.

The form can be used again while it is valid, so an uploaded file may still change. On its first use its size and bytes
are checked, and exactly these bytes are copied to where nothing replaces them. From then on it is kept.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import clock, errors, file_types, ids
from chalicelib.access.actors import Actor
from chalicelib.aws import storage
from chalicelib.networks import base
from chalicelib.store import keys, quota, table
from chalicelib.store.models.replies import Upload
from chalicelib.uploads import kinds, whereabouts

MOST_PER_HOUR = 60  # of one member
OPEN_SECONDS = 300
_WAITS_SECONDS = 24 * 3600
_FIELD = "attachments"


def begin(actor: Actor, mime: str, name: str, size: int, now: int) -> Mapping[str, Any]:
    """A new upload and the form for its file.

    Raises Invalid for a type that is not accepted or a size that is too large, TooMany after 60 in an hour.
    """
    if mime not in kinds.KINDS:
        raise errors.Invalid("Files of this type are not accepted.", code="upload_type", field="type")
    if size > kinds.largest(mime):
        raise errors.Invalid(
            f"A file of this type has at most {kinds.largest(mime)} bytes.", code="upload_too_large", field="size"
        )
    quota.take(actor.agency, f"uploads#{actor.member}", MOST_PER_HOUR, now, period=clock.HOUR)
    id = ids.new("upl")
    upload = Upload(
        actor.agency, keys.noun(id), id=id, by=actor.member, mime=mime, name=file_types.saved_as(name, mime), size=size,
        open_until=now + OPEN_SECONDS * clock.SECOND, created_at=now, expires=now // clock.SECOND + _WAITS_SECONDS,
    )  # fmt: skip
    form = storage.form(_posted(upload), mime, kinds.largest(mime), OPEN_SECONDS)
    table.put(upload)
    return {"id": id, "url": form.url, "fields": form.fields, "expires_at": clock.text(upload.open_until)}


def _posted(upload: Upload) -> str:
    """The key under which the form puts the file."""
    return f"upload/{upload.pk}/{upload.id}"


def get(agency: str, id: str, now: int) -> Upload:
    """Raises NotFound for an upload of another agency, and for one that was never used and has expired."""
    upload = table.get(Upload, agency, keys.noun(id)) if ids.is_id(id, "upl") else None
    if upload is None or (upload.expires or now) * clock.SECOND < now:
        raise errors.NotFound
    return upload


def view(upload: Upload) -> Mapping[str, Any]:
    file = None if upload.kept else storage.find(_posted(upload))
    return {
        "id": upload.id,
        "state": "used" if upload.kept else "uploaded" if file else "waiting",
        "type": upload.mime,
        "kind": kinds.KINDS[upload.mime],
        "name": upload.name,
        "size": file.size if file else upload.size,
        "url": storage.link(upload.kept) if upload.kept else None,
        "created_at": clock.text(upload.created_at),
        "expires_at": clock.text(upload.expires * clock.SECOND) if upload.expires else None,
    }


def as_file(agency: str, id: str, kind: str, now: int, *, keep: bool = True) -> base.Media:
    """The file of an upload, to be sent as that kind, or by default as its own. With `keep` this counts as its first
    use.

    Raises NotFound if there is no such upload; Invalid if nothing was uploaded, or something else than announced.
    """
    upload = get(agency, id, now)
    sent_as = kinds.sent_as(upload.mime, kind)
    if sent_as is None:
        raise errors.Invalid("A file of this type cannot be sent as this kind.", code="file_type", field=_FIELD)
    if not upload.kept:
        file, is_shown = _checked_file(upload)
        upload = _keep(upload, file, is_shown=is_shown) if keep else upload
    mime = kinds.sent_type(upload.mime)
    return base.Media(kind=sent_as, url=upload.kept or "", mime=mime, name=upload.name, size=upload.size)


def _checked_file(upload: Upload) -> tuple[storage.Found, bool]:
    """The uploaded file, and whether a browser may show it. Raises Invalid if it is not what was announced."""
    file = storage.find(_posted(upload))
    if file is None:
        raise errors.Invalid("The file is not uploaded yet.", code="upload_missing", field=_FIELD)
    body = None
    if file.size == upload.size:
        body = storage.beginning(_posted(upload), file.mark, kinds.needed(upload.mime))
    if body is None or not kinds.is_of_type(upload.mime, body):
        raise errors.Invalid(
            "The uploaded file has another size or type than the upload announced.",
            code="upload_mismatch",
            field=_FIELD,
        )
    return file, file_types.recognise(body, upload.mime).is_shown


def _keep(upload: Upload, file: storage.Found, *, is_shown: bool) -> Upload:
    """The upload with its stored file, a photo without its location. If two calls do this at once, the first one
    counts.
    """
    key = f"kept/{upload.pk}/{upload.id}/{ids.digest(file.mark)}"
    size = _put(upload, file, key, is_shown=is_shown)
    if size is None:
        raise errors.Conflict(
            "The file is being uploaded again at the same time. Try again.", code="changed_meanwhile", field=_FIELD
        )
    known = [Upload.kept.set(key), Upload.size.set(size), Upload.expires.remove()]
    if table.update(upload, known, Upload.pk.exists() & Upload.kept.does_not_exist()):
        return upload
    return table.get(Upload, upload.pk, upload.sk) or upload


def _put(upload: Upload, file: storage.Found, key: str, *, is_shown: bool) -> int | None:
    """Stores the file under the key and gives its size; None if it was replaced meanwhile."""
    mime = kinds.sent_type(upload.mime)
    if mime != kinds.PHOTO:
        is_same = storage.copy(_posted(upload), key, mime, mark=file.mark, shown=is_shown, name=upload.name)
        return file.size if is_same else None
    whole = storage.beginning(_posted(upload), file.mark, file.size)
    if whole is None:
        return None
    body = whereabouts.without_location(whole)
    storage.put(key, body, mime, shown=is_shown, name=upload.name)
    return len(body)
