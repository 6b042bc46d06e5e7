"""Reads the body of a call to a double, in any of the formats that are used."""

import json
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import HTTP
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl


def of(headers: Mapping[str, str], raw: bytes) -> Mapping[str, Any]:
    """The fields of a form, a URL-encoded body, or a JSON object."""
    type = headers.get("content-type", "")
    if "multipart/" in type:
        return _form(headers, raw)
    return dict(parse_qsl(raw.decode())) if "urlencoded" in type else json_of(raw)


def _form(headers: Mapping[str, str], raw: bytes) -> Mapping[str, Any]:
    """The fields of a form, with JSON in them parsed; for a file its name, type and digest."""
    head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    fields: dict[str, Any] = {}
    for part in message_from_bytes(head + raw, policy=HTTP).iter_parts():
        name, payload = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if part.get_filename() is None:
            fields[str(name)] = _parsed(content.decode())
        else:
            digest = sha256(content).hexdigest()
            fields[str(name)] = {"name": part.get_filename(), "type": part.get_content_type(), "sha256": digest}
    return fields


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def json_of(raw: bytes) -> Mapping[str, Any]:
    """The JSON object; {} for anything else."""
    try:
        value = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
