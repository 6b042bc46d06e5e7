"""What a post has besides its words: pictures, films, links, quoted posts.
https://docs.bsky.app/docs/advanced-guides/posts
"""

from collections.abc import Iterator

from chalicelib.networks import base
from chalicelib.networks.base import Json
from chalicelib.networks.bluesky import uris
from chalicelib.networks.read import part, parts, pick, words

_PICTURES = "https://cdn.bsky.app/img/feed_fullsize/plain"
_LINK = "app.bsky.richtext.facet#link"


def attachments(item: Json) -> tuple[base.Attachment, ...]:
    return tuple(_files(part(part(item, "record"), "embed"), words(part(item, "author").get("did")), item))


def _files(embed: Json, owner: str, item: Json) -> Iterator[base.Attachment]:
    """A film becomes a link to its post, because films are streams, not files."""
    media = part(embed, "media") or embed
    for image in parts(media, "images"):
        picture = words(part(part(image, "image"), "ref").get("$link"))
        if picture.isalnum():
            url, title = f"{_PICTURES}/{owner}/{picture}@jpeg", words(image.get("alt"))
            yield base.Attachment(kind="image", url=url, mime="image/jpeg", title=title)
    if part(media, "video"):
        yield base.Attachment(kind="link", url=uris.page(words(item.get("uri"))), title=words(media.get("alt")))
    external = pick(part(media, "external"), "uri", "title")
    if external.get("uri"):
        yield base.Attachment(kind="link", url=external["uri"], title=external.get("title", ""))


def links(record: Json) -> list[str]:
    """The full addresses of the links: the text often shows them shortened."""
    features = (feature for facet in parts(record, "facets") for feature in parts(facet, "features"))
    return [uri for feature in features if feature.get("$type") == _LINK and (uri := words(feature.get("uri")))]


def quoted(record: Json) -> str:
    embed = part(part(record, "embed"), "record")
    return words(embed.get("uri")) or words(part(embed, "record").get("uri"))
