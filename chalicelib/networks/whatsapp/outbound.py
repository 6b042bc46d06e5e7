"""What we send and do on WhatsApp, all by `POST /{phone number id}/messages`.

https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib.networks import base, read
from chalicelib.networks._meta import files, graph, outcomes
from chalicelib.networks.base import Act, Credentials, Json, Say, Sent

CAPTION = 1024
CAPTIONED = ("image", "video", "file")
TYPES = {"image": "image", "video": "video", "audio": "audio", "file": "document", "sticker": "sticker"}

# Seconds to wait after codes that come without a header: one message per person every 6 s; suspected spam.
PAUSES_SECONDS = {"131056": 6.0, "131048": 3600.0}


def parts(say: Say) -> Sequence[Say]:
    """Each file is a message. The text is the caption of the first, or a message if no such caption is possible."""
    if say.template or not say.attachments:
        return [say]
    captioned = say.attachments[0].kind in CAPTIONED and len(say.text) <= CAPTION
    files = [replace(say, text="", attachments=(file,)) for file in say.attachments]
    if captioned:
        files[0] = replace(files[0], text=say.text)
    elif say.text:
        files.insert(0, replace(say, attachments=()))
    return [files[0], *(replace(part, reply_to="") for part in files[1:])]


def send(credentials: Credentials, say: Say) -> Sent:
    quote = {"context": {"message_id": say.reply_to}} if say.reply_to else {}
    ours = {"biz_opaque_callback_data": say.correlation} if say.correlation else {}
    answer = _post(credentials, {**_recipient(say.to or say.thread), **_content(credentials, say), **quote, **ours})
    try:
        return Sent(id=read.identity(answer["messages"][0]["id"]))
    except (IndexError, *read.UNREADABLE) as unreadable:
        raise base.Unknown("WhatsApp did not return the id of the message.", code="no_id") from unreadable


def act(credentials: Credentials, act: Act) -> None:
    if act.verb not in ACTS:
        raise base.Rejected("The action is not available on WhatsApp.", code="unsupported")
    _post(credentials, ACTS[act.verb](act))


def _post(credentials: Credentials, body: Json) -> Json:
    path, body = f"/{credentials.account}/messages", {"messaging_product": "whatsapp", **body}
    try:
        return graph.call("whatsapp", "POST", path, credentials, body=body, codes=outcomes.CLOUD)
    except base.Throttled as slow:
        slow.after = PAUSES_SECONDS.get(slow.code, slow.after)
        raise


def _recipient(person: str) -> Json:
    """A phone number goes into `to`; the id of a person who shows a username instead goes into `recipient`."""
    return {"recipient_type": "individual", "to" if person.lstrip("+").isdecimal() else "recipient": person}


def _content(credentials: Credentials, say: Say) -> Json:
    if say.template:
        language = {"language": {"code": say.template["language"]}}
        return {"type": "template", "template": {**say.template, **language}}
    if say.interactive:
        return {"type": "interactive", "interactive": {"body": {"text": say.text}, **_choices(say.interactive)}}
    if not say.attachments:
        return {"type": "text", "text": {"body": say.text, "preview_url": "https://" in say.text}}
    file = say.attachments[0]
    name = file.name or _file_name(file.url)
    filename = {"filename": name} if file.kind == "file" and name else {}
    caption = {"caption": say.text} if say.text else {}
    return {"type": TYPES[file.kind], TYPES[file.kind]: {**_file_reference(credentials, file), **caption, **filename}}


def _file_reference(credentials: Credentials, file: base.Media) -> Json:
    """A file by the id of its upload if we have the bytes, otherwise by its address.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/media-upload-api
    """
    if not isinstance(file, base.Loaded):
        return {"link": file.url}
    path, body = f"/{credentials.account}/media", {"messaging_product": "whatsapp", "type": file.mime}
    return {"id": files.upload("whatsapp", path, credentials, body, {"file": file}, "id", outcomes.CLOUD)}


def _choices(offered: base.Interactive) -> Json:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages"""
    if offered.kind == "buttons":
        buttons = [{"type": "reply", "reply": {"id": option.id, "title": option.title}} for option in offered.options]
        return {"type": "button", "action": {"buttons": buttons}}
    rows = [
        {"id": option.id, "title": option.title, **({"description": option.description} if option.description else {})}
        for option in offered.options
    ]
    return {"type": "list", "action": {"button": offered.button, "sections": [{"rows": rows}]}}


def _file_name(url: str) -> str:
    """The last part of the address's path; it is the name of a document without one."""
    return unquote(urlsplit(url).path.rpartition("/")[2]).rpartition("/")[2]


def _reaction(act: Act) -> Json:
    emoji = act.emoji if act.verb == "react" else ""
    reaction = {"message_id": act.id, "emoji": emoji}
    return {**_recipient(act.to or act.thread), "type": "reaction", "reaction": reaction}


def _read(act: Act) -> Json:
    """Typing is shown until we answer, for at most 25 seconds, and marks the message as read too."""
    typing: dict[str, Any] = {"typing_indicator": {"type": "text"}} if act.verb == "typing" else {}
    return {"status": "read", "message_id": act.id, **typing}


ACTS: Mapping[str, Callable[[Act], Json]] = {
    "react": _reaction,
    "unreact": _reaction,
    "read": _read,
    "typing": _read,
}
