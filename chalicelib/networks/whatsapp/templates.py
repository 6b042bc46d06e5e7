"""Templates of a WhatsApp Business account: listed, handed in, taken away.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.networks import base, http, read
from chalicelib.networks._meta.graph import call
from chalicelib.networks._meta.outcomes import CONNECT
from chalicelib.networks.base import Credentials, Json
from chalicelib.networks.read import pick, words
from chalicelib.networks.templates import Template, Templates
from chalicelib.networks.whatsapp import template_forms, template_news

FIELDS = "id,name,language,category,status,components,quality_score,rejected_reason"
MOST_PAGES = 60  # of a hundred: more templates than an account may have


def listed(credentials: Credentials) -> Iterator[Template]:
    query = {"fields": FIELDS, "limit": "100"}
    for _ in range(MOST_PAGES):
        page = call("whatsapp", "GET", _path(credentials), credentials, query=query, codes=CONNECT)
        for entry in read.parts(page, "data"):
            with suppress(*read.UNREADABLE):
                yield _read(entry)
        after = words(read.part(read.part(page, "paging"), "cursors").get("after"))
        if "next" not in read.part(page, "paging") or not after:
            return
        query["after"] = after
    raise base.Unreachable("WhatsApp lists more templates than can be read.")


def _read(entry: Json) -> Template:
    return Template(
        id=read.identity(entry["id"]),
        name=read.identity(entry["name"]),
        language=template_news.language(entry["language"]),
        category=words(entry.get("category")),
        components=read.parts(entry, "components"),
        state=template_news.STATES.get(words(entry.get("status")).lower(), "disabled"),
        reason=template_news.reason(entry.get("rejected_reason")),
        quality=template_news.quality(read.part(entry, "quality_score").get("score")),
    )


def submit(credentials: Credentials, template: Template) -> Template:
    """A name and language can be created only once. With an id, the existing template is replaced as a whole."""
    said: dict[str, Any] = {"category": template.category, "components": list(template.components)}
    if template.id:
        call("whatsapp", "POST", f"/{template.id}", credentials, body=said, codes=CONNECT)
        return Template(**{**vars(template), "state": "pending", "reason": ""})
    named = {"parameter_format": "NAMED"} if template_forms.is_named(template.components) else {}
    body = {"name": template.name, "language": template.language, **said, **named}
    answer = call("whatsapp", "POST", _path(credentials), credentials, body=body, codes=CONNECT)
    if not (id := words(answer.get("id"))):
        raise base.Unknown("WhatsApp did not return the id of the template.", code="no_id")
    state = template_news.STATES.get(words(answer.get("status")).lower(), "pending")
    category = words(answer.get("category")) or template.category
    return Template(**{**vars(template), "id": id, "state": state, "category": category})


def example(credentials: Credentials, file: base.Loaded) -> str:
    """Uploads to the app that the token belongs to, not to an account.

    https://developers.facebook.com/docs/graph-api/guides/upload
    """
    query = {"file_name": file.name, "file_length": str(len(file.content)), "file_type": file.mime}
    with http.repeatable():
        session = call("whatsapp", "POST", "/app/uploads", credentials, query=query, codes=CONNECT)
        path, _, signed = words(session.get("id")).partition("?")
        sent = {"Authorization": f"OAuth {credentials.token}", "file_offset": "0", "Content-Type": file.mime}
        answer = call(
            "whatsapp", "POST", f"/{path}", credentials, query=dict(parse_qsl(signed)), content=file.content,
            headers=sent, codes=CONNECT,
        )  # fmt: skip
    if not (handle := words(answer.get("h"))):
        raise base.Unreachable("WhatsApp did not return the handle of the uploaded file.", code="no_handle")
    return handle


def retire(credentials: Credentials, template: Template) -> None:
    """The id removes the template in its language only; the name alone would remove it in all languages."""
    query = {"hsm_id": template.id, **pick(vars(template), "name")}
    try:
        call("whatsapp", "DELETE", _path(credentials), credentials, query=query, codes=CONNECT)
    except base.Rejected as refused:
        if refused.code not in ("100/2593002", "100/33"):  # it is not there
            raise


def _path(credentials: Credentials) -> str:
    return f"/{credentials.details['waba']}/message_templates"


TEMPLATES = Templates(
    listed=listed, submit=submit, example=example, retire=retire,
    faults=template_forms.faults, slots=template_forms.slots, filled=template_forms.filled,
)  # fmt: skip
