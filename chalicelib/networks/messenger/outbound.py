"""What we send on Messenger. https://developers.facebook.com/docs/messenger-platform/reference/send-api"""

from dataclasses import replace
from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import files, graph, messaging, outcomes


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    if say.surface != "dm" or say.private:
        raise base.Rejected("Messenger takes only direct messages.", code="unsupported")
    if any(isinstance(file, base.Loaded) for file in say.attachments):
        say = replace(say, attachments=tuple(_uploaded(credentials, file) for file in say.attachments))
    body = _template(say) if say.template else {"messaging_type": "RESPONSE", **messaging.body(say)}
    if say.context.get("quick_replies"):
        body["message"]["quick_replies"] = say.context["quick_replies"]
    if say.correlation:
        body["message"]["metadata"] = say.correlation
    return messaging.deliver("messenger", credentials, credentials.account, body, "graph.facebook.com")


def _template(say: base.Say) -> dict[str, Any]:
    """https://developers.facebook.com/docs/messenger-platform/send-messages/utility-messages"""
    template = dict(say.template or {})
    template["language"] = {"code": template.get("language", "en")}
    message = {"template": template}
    return {"recipient": {"id": say.to or say.thread}, "messaging_type": "UTILITY", "message": message}


def _uploaded(credentials: base.Credentials, file: base.Media) -> base.Media:
    """https://developers.facebook.com/docs/messenger-platform/reference/attachment-upload-api"""
    if not isinstance(file, base.Loaded):
        return file
    message = {"attachment": {"type": files.type_of(file), "payload": {"is_reusable": True}}}
    path, form = f"/{credentials.account}/message_attachments", {"filedata": file}
    id = files.upload("messenger", path, credentials, {"message": message}, form, "attachment_id", outcomes.SEND)
    return base.Media(kind=file.kind, url=f"{files.UPLOADED}{id}", mime=file.mime, name=file.name)


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Typing, read, or any emoji on a message; any other act is Rejected."""
    path = f"/{credentials.account}/messages"
    graph.call("messenger", "POST", path, credentials, body=messaging.gesture(act, act.emoji), codes=outcomes.SEND)
