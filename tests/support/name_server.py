"""A name server on this machine that answers over UDP what it was told."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


@dataclass
class Zone:
    """`records` are the TXT records by name, each in its parts; a name in `failing` is not answered for."""

    records: dict[str, Sequence[str]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        name = query.question[0].name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if name in self.failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.records:
            texts = [" ".join(f'"{part}"' for part in text.split("|")) for text in self.records[name]]
            reply.answer.append(dns.rrset.from_text_list(query.question[0].name, 5, "IN", "TXT", texts))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@contextmanager
def serving(records: Mapping[str, Sequence[str]] | None = None, port: int = 0) -> Iterator[Zone]:
    """The server, at that port or any. In a record, `|` is where one of its parts ends and the next begins."""
    zone = Zone(dict(records or {}))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", port))
        zone.address = f"127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            while True:
                wire, sender = server.recvfrom(4096)
                if not wire:
                    return
                server.sendto(zone.answer(wire), sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield zone
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closing:
            closing.sendto(b"", server.getsockname())
        thread.join(5)
