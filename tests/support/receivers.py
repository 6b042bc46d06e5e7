"""Those whom we call, at their worst: a server whose every answer is a function of its own, and certificates."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.outside.connections import Way

Behave = Callable[[socket.socket], None]
NEVER = threading.Event()  # never set: whoever waits for it lets a little time pass


@contextmanager
def serving(behave: Behave) -> Iterator[int]:
    """A server on a free port of this machine, which does that with each connection."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                behave(self.request)

    class Server(ThreadingTCPServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 128

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()


def answering(raw: bytes, *, slowly: bool = False, then: Behave = lambda connection: None) -> Behave:
    """Reads the request, and answers with these bytes, or with one of them now and then."""

    def behave(connection: socket.socket) -> None:
        heard(connection)
        for piece in [raw[start : start + 1] for start in range(len(raw))] if slowly else [raw]:
            NEVER.wait(0.02 if slowly else 0)
            connection.sendall(piece)
        then(connection)

    return behave


def heard(connection: socket.socket) -> bytes:
    """The whole request."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65536)
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0]):
        piece = connection.recv(65536)
        body, raw = body + piece, raw + piece
    return raw


def way(port: int, trusts: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> Way:
    """The way on which every name leads to that port of this machine, which is as good as any other."""
    entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    return Way(look_up=lambda *_, **__: [entry], context=trusts, is_inside=lambda address: False)


class Authority:
    """Signs certificates that whoever trusts it takes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _certificate("Authority", self._key, "Authority", self._key, is_authority=True)

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=_pem(self.certificate))

    def server(self, host: str, *, days: int = 2, itself: bool = False) -> ssl.SSLContext:
        """What a server of that host has; its certificate ends in so many days, and is signed by us or by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = (host, key) if itself else ("Authority", self._key)
        certificate = _certificate(host, key, *issuer, days=days)
        path = self._folder / f"{host}{days}{itself}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + _pem(certificate).encode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=signs, crl_sign=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: int = 2,
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    subject, issued_by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (name, issuer))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_usage(signs=is_authority), critical=True)
        # Python 3.13 takes no certificate that does not name its own key and its signer's.
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return builder.sign(signer, hashes.SHA256())
