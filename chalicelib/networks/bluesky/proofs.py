"""Proofs that a token is ours (DPoP): a key that never leaves us signs each call.
https://www.rfc-editor.org/rfc/rfc9449

The key is kept as text (PEM). A server names the nonce that the next proof needs; this process remembers it.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.networks import base
from chalicelib.networks.http import Response

_MOST_NONCES = 1000
_nonces: dict[str, str] = {}


def new_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(*pem).decode()


def proof(key: str, method: str, url: str, nonce: str, token: str = "", now: float = 0) -> str:
    """`now` is in seconds; 0 means the present."""
    import jwt

    claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(now or time.time())}
    claims |= {"nonce": nonce} if nonce else {}
    claims |= {"ath": _digest(token)} if token else {}
    return jwt.encode(claims, key, "ES256", headers={"typ": "dpop+jwt", "jwk": dict(public(key))})


def name_of(key: str) -> str:
    """The id of the key for others: its thumbprint. https://www.rfc-editor.org/rfc/rfc7638"""
    import json

    wanted = {name: value for name, value in sorted(public(key).items()) if name in ("crv", "kty", "x", "y")}
    return _digest(json.dumps(wanted, separators=(",", ":"), sort_keys=True))


def pem(key: str) -> str:
    """The key in PEM; it may be given in base64, which has no line breaks. Raises ValueError."""
    return key if key.startswith("-----") else base64.b64decode(key, validate=True).decode()


def public(key: str) -> Mapping[str, Any]:
    """The public half of the key, as a JWK."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt.algorithms import ECAlgorithm

    try:
        private = load_pem_private_key(pem(key).encode(), None)
    except (ValueError, TypeError) as error:
        raise base.Rejected("The secret of the app is not a private key in PEM.", code="key") from error
    if not isinstance(private, EllipticCurvePrivateKey):
        raise base.Rejected("The secret of the app is not a private key for ES256.", code="key")
    jwk: Mapping[str, Any] = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return jwk


def call(ask: Callable[[Mapping[str, str]], Response], key: str, method: str, url: str, token: str = "") -> Response:
    """Calls with a proof, and once more if the server wants another nonce: it has done nothing by then."""
    host = url.partition("://")[2].partition("/")[0]
    for _ in range(2):
        headers = {"DPoP": proof(key, method, url, _nonces.get(host, ""), token)}
        answer = ask({**headers, **({"Authorization": f"DPoP {token}"} if token else {})})
        nonce = answer.headers.get("DPoP-Nonce") or ""
        is_new = bool(nonce) and nonce != _nonces.get(host)
        if is_new:
            if len(_nonces) >= _MOST_NONCES:
                _nonces.clear()
            _nonces[host] = nonce
        if not (is_new and _wants_nonce(answer)):
            break
    return answer


def _wants_nonce(answer: Response) -> bool:
    header = answer.headers.get("WWW-Authenticate") or ""
    return answer.status in (400, 401) and "use_dpop_nonce" in (header, answer.json.get("error"), *header.split('"'))


def _digest(token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
