"""/v1/uploads: files to be sent."""

from chalicelib.api.http import Call, Json, route
from chalicelib.uploads import schemas, uploads


@route(
    "POST",
    "/uploads",
    pays="work",
    permission="media.upload",
    body=schemas.NEW_UPLOAD,
    answer=schemas.FORM,
    status=201,
)
def begin_upload(call: Call) -> Json:
    """Gives a form with which a browser uploads a file for attachments; unused, the file is deleted after a day."""
    return uploads.begin(call.actor, call.body["type"], call.body["name"], call.body["size"], call.now)


@route("GET", "/uploads/{id}", permission="media.upload", answer=schemas.UPLOAD)
def show_upload(call: Call) -> Json:
    """Shows an upload and its state."""
    return uploads.view(uploads.get(call.actor.agency, call.path["id"], call.now))
