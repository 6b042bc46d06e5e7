"""What we send on Messenger. https://developers.facebook.com/docs/messenger-platform/reference/send-api"""

from typing import Any

from chalicelib.networks import base
from chalicelib.networks._meta import graph, messaging, outcomes


def send(credentials: base.Credentials, say: base.Say) -> base.Sent:
    if say.surface != "dm" or say.private:
        raise base.Rejected("Messenger takes direct messages only.", code="unsupported")
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


def act(credentials: base.Credentials, act: base.Act) -> None:
    """Typing, read, or any emoji on a message; any other act is Rejected."""
    path = f"/{credentials.account}/messages"
    graph.call("messenger", "POST", path, credentials, body=messaging.gesture(act, act.emoji), codes=outcomes.SEND)
