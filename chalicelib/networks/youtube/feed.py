"""The feed of a channel's videos, which the hub posts as signed Atom. https://www.w3.org/TR/websub/

What we read of it becomes JSON, so that items can be stored: `{"feed": [{"video", "channel", "updated"}]}`.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.networks import base, signature

HUB = "pubsubhubbub.appspot.com"
TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
_ATOM, _YT, _AT = (
    "{http://www.w3.org/2005/Atom}",
    "{http://www.youtube.com/xml/schemas/2015}",
    "{http://purl.org/atompub/tombstones/1.0}",
)
_METHODS = ("sha1", "sha256", "sha384", "sha512")
_CHANNEL = re.compile(rb"<yt:channelId>([\w-]{1,64})</yt:channelId>")
_LOOKED_AT_BYTES = 4096
_LONGEST = 200


def verify(raw: bytes, headers: base.Headers, secrets: base.Secrets) -> bool:
    """True if `X-Hub-Signature` is the HMAC of the bytes as posted. YouTube's hub uses SHA-1."""
    method, _, digest = (headers.get("x-hub-signature") or "").partition("=")
    if method not in _METHODS:
        return False
    return signature.is_known(
        digest, [hmac.new(key.encode(), raw, method).hexdigest() for key in secrets.signing if key]
    )


def handshake(query: Mapping[str, str], secrets: base.Secrets) -> str | None:
    """The challenge, if we asked for this subscription: the address that we gave to the hub contains a word made from
    the secret.

    We never end a subscription early, so a hand-shake that ends one is refused.
    """
    topic = query.get("hub.topic", "")
    if query.get("hub.mode") != "subscribe" or not topic.startswith("https://www.youtube.com/"):
        return None
    words = [word(secret) for secret in secrets.signing if secret]
    return signature.echo(query.get("hub.challenge", ""), query.get("word", ""), words)


def word(secret: str) -> str:
    """The word in the hook's address that proves to us that we made the address with that secret."""
    return hmac.new(secret.encode(), b"the hub's callback", hashlib.sha256).hexdigest()


def about(raw: bytes) -> str:
    first = _CHANNEL.search(raw, 0, _LOOKED_AT_BYTES)
    return first[1].decode() if first else ""


def decode(raw: bytes) -> Any:
    """Raises Unreadable for what is neither such a feed nor JSON. A feed never has a DOCTYPE."""
    if raw.lstrip()[:1] != b"<":
        return base.posted(raw)
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException, ElementTree

    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as refused:
        raise base.Unreadable("not a feed") from refused
    if root.tag != f"{_ATOM}feed":
        raise base.Unreadable("not a feed")
    return {"feed": [entry for child in root if (entry := _entry(child))]}


def _entry(child: Any) -> Mapping[str, str]:
    if child.tag == f"{_ATOM}entry":
        video, channel = child.findtext(f"{_YT}videoId"), child.findtext(f"{_YT}channelId")
        fields = {"video": video, "channel": channel, "updated": child.findtext(f"{_ATOM}updated")}
    elif child.tag == f"{_AT}deleted-entry":
        by = child.findtext(f"{_AT}by/{_ATOM}uri") or child.findtext(f"{_AT}by/uri") or ""
        video = (child.get("ref") or "").removeprefix("yt:video:")
        fields = {"video": video, "channel": by.rpartition("/channel/")[2], "updated": child.get("when"), "gone": "yes"}
    else:
        return {}
    return {name: text[:_LONGEST] for name, text in _filled(fields)}


def _filled(fields: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in fields.items() if text)
