"""Which addresses a stranger may name. Names are checked here before anything is sent, IP addresses once they are
known.

`getaddrinfo` reads many texts as 127.0.0.1 (`0x7f.1`, `2130706433`, digits in circles), so the check of the IP address
decides; the check of the name is only an earlier one.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from chalicelib import settings

LONGEST = 2048
PORTS = (443, 8443)
_LONGEST_HOST = 253
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
# Names for what is near, whoever answers for them.
_NEAR = ("localhost", "local", "internal", "localdomain", "home.arpa")
# AWS calls our own API, hooks, bucket and functions so, and those of others: a receiver there could be us.
_AWS = ("amazonaws.com", "amazonaws.com.cn", "on.aws", "api.aws")
# Scripts that are written together in one word; of all others, a word has one.
_TOGETHER = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
_IPV6 = ipaddress.ip_network("2000::/3")
# `ipaddress` counts some of these as global, but they can lead inside: tunnelling, translation, documentation, AS112.
_NOT_PUBLIC = [
    ipaddress.ip_network(block)
    for block in (
        "100.64.0.0/10", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "224.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
]  # fmt: skip


class Refused(ValueError):
    """Raised for an address that must not be called. `rule` says which rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True)
class Place:
    """A checked address: `host` as name servers know it, `path` with its query. A `trusted` one may also be inside our
    network.
    """

    scheme: str
    host: str
    port: int
    path: str
    trusted: bool = False

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (80 if self.scheme == "http" else 443) else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        """The address in its only accepted spelling."""
        return f"{self.scheme}://{self.authority}{self.path}"


def is_inside(address: str) -> bool:
    """True for an IP address that is not on the public internet, also if it is wrapped in an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6 and ip not in _IPV6:
        return True
    return not ip.is_global or any(ip in block for block in _NOT_PUBLIC if block.version == ip.version)


def file(url: str) -> Place:
    """The place from which a file is fetched. Raises Refused."""
    return _place(url.partition("#")[0], settings.get().media_hosts)


def receiver(url: str) -> Place:
    """The place of a webhook receiver, which may not be one of our own. Raises Refused."""
    if len(url) > LONGEST:
        raise Refused("length")
    if "#" in url:
        raise Refused("fragment")
    place = _place(url, settings.get().receiver_hosts)
    if not place.trusted and any(_is_below(place.host, domain) for domain in (*_AWS, *_own())):
        raise Refused("loop")
    return place


def _own() -> set[str]:
    current = settings.get()
    urls = (current.hooks_url, current.app_url, current.pool_url, *current.origins)
    return {host for url in urls if (host := urlsplit(url).hostname)}


def _place(url: str, trusted: tuple[str, ...]) -> Place:
    if _CONTROL.search(url):  # urlsplit would leave some of them out
        raise Refused("characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("form") from error
    if f"{parts.scheme}://{parts.netloc}" in trusted:
        plain = port or (80 if parts.scheme == "http" else 443)
        return Place(parts.scheme, parts.hostname or "", plain, _path(parts), trusted=True)
    if parts.scheme != "https":
        raise Refused("scheme")
    if "@" in parts.netloc:
        raise Refused("userinfo")
    if port not in (None, *PORTS) or parts.netloc.endswith(":"):
        raise Refused("port")
    return Place("https", _host(parts), port or 443, _path(parts))


def _path(parts: SplitResult) -> str:
    return quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe="/?%:@!$&'()*+,;=~-._[]")


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").removesuffix(".")
    if "[" in parts.netloc or _is_ipv4(name):
        return _check_public(name)
    host = _encoded(name)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # a way to write an IPv4 address, and no name that there is
        raise Refused("number")
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise Refused("name")
    if len(labels) == 1 or any(_is_below(host, domain) for domain in _NEAR):
        raise Refused("inside")
    return host


def _is_ipv4(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def _check_public(address: str) -> str:
    try:
        canonical = str(ipaddress.ip_address(address))
    except ValueError as error:
        raise Refused("name") from error
    if "%" in canonical or is_inside(canonical):
        raise Refused("inside")
    return canonical


def _is_below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _encoded(name: str) -> str:
    """The name as name servers know it, by IDNA 2008; characters that only look alike are not mapped to others."""
    if name.isascii() and "xn--" not in name:
        return name
    import idna

    try:
        encoded = idna.encode(name, strict=True, std3_rules=True).decode()
        words = idna.decode(encoded).split(".")
    except UnicodeError as error:
        raise Refused("name") from error
    if not all(map(_is_of_one_script, words)):
        raise Refused("name")
    return encoded


def _is_of_one_script(word: str) -> bool:
    scripts = {unicodedata.name(letter, "?").split()[0].split("-")[0] for letter in word if letter.isalpha()}
    return len(scripts) <= 1 or scripts <= _TOGETHER
