"""The most that an outside app may do: its tokens name scopes, and each scope is a set of permissions.

Each permission is in one scope. The app may use those permissions of its scopes that the person it works for holds,
too.
"""

from collections.abc import Iterable, Mapping

from chalicelib.access.permissions import PERMISSIONS, VIEW

SERVER = "palabre"  # the resource server of the user pool: in tokens a scope is `palabre/inbox.read`
_READ = frozenset({*VIEW, "contact.view", "contact.view_pii"})
_WRITE = frozenset(
    {
        "note.write", "media.upload", "conversation.assign", "conversation.take_over", "conversation.resolve",
        "conversation.bulk", "moderation.hide", "moderation.delete",
    }
)  # fmt: skip
# Approving is for people, and for who manages: an app that only answers must not be able to let its own answers go.
_REPLY = frozenset({"reply.public.send", "reply.public.propose", "reply.private.send", "reply.private.propose"})
_REPORT = frozenset({"audit.view"})
SCOPES: Mapping[str, frozenset[str]] = {
    "inbox.read": _READ,
    "inbox.write": _WRITE,
    "reply.send": _REPLY,
    "report.read": _REPORT,
    "admin": frozenset(PERMISSIONS) - _READ - _WRITE - _REPLY - _REPORT,
}
SAYS: Mapping[str, str] = {
    "inbox.read": "Read conversations, messages and contacts.",
    "inbox.write": "Change conversations, write notes, upload files, moderate.",
    "reply.send": "Propose and send replies.",
    "report.read": "Read the audit and reports.",
    "admin": "Approve replies; manage members, roles, brands, channels, keys, webhooks and billing.",
}


def of_token(text: str) -> frozenset[str]:
    """Our scopes among those of a token, as its `scope` claim lists them."""
    own = (name.removeprefix(f"{SERVER}/") for name in text.split() if name.startswith(f"{SERVER}/"))
    return frozenset(own) & SCOPES.keys()


def permissions_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(SCOPES.get(name, frozenset()) for name in names))
