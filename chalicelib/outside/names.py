"""Asks name servers what the owner of a domain wrote there. One asks the machine's own, or one that a setting names."""

from collections.abc import Sequence

SECONDS = 4.0


class Unanswered(Exception):
    """No name server said whether there is such a record; `str` of it says how it failed."""


def texts(name: str, resolver: str = "", seconds: float = SECONDS) -> Sequence[str]:
    """The TXT records of exactly that name, none if it has none. Raises Unanswered.

    `resolver` is the one to ask, as `address:port`; without it, those that the machine knows.
    """
    import dns.exception
    import dns.resolver

    asked = dns.resolver.Resolver(configure=not resolver)
    if resolver:
        host, _, port = resolver.rpartition(":")
        asked.nameservers, asked.port = [host], int(port)
    try:
        answer = asked.resolve(f"{name}.", "TXT", lifetime=seconds, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as failure:
        raise Unanswered(type(failure).__name__) from failure
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
