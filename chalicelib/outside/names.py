"""Reads DNS records of domains, from the machine's own name servers or from the one in the settings."""

from collections.abc import Sequence

SECONDS = 4.0


class Unanswered(Exception):
    """Raised when no name server said whether there is such a record; its text says how that failed."""


def texts(name: str, resolver: str = "", seconds: float = SECONDS) -> Sequence[str]:
    """The TXT records of exactly that name; empty if it has none. Raises Unanswered.

    `resolver` is the name server to ask, as `address:port`; without it, the machine's own are asked.
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
