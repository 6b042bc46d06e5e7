"""Builds HTTP answers: with ETags, 304 if the caller has the answer already, and problems as RFC 9457 defines them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib import errors, settings
from chalicelib.api import requests, titles
from chalicelib.api.sheets import Sheet
from chalicelib.api.texts import Text

SAFE: dict[str, str | list[str]] = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
TAKEN = "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Palabre-Agency"
SHOWN = (
    "ETag,Retry-After,Idempotent-Replayed,RateLimit,RateLimit-Policy,Request-Id,Allow,Content-Language"
    ",Deprecation,Sunset,Link"
)
_DIGEST_BYTES = 9


def success(status: int, body: Any, *, replayed: bool = False, is_read: bool = False) -> Response:
    """The answer to a request that succeeded; `body` is JSON, or JSON text, or a Sheet or Text.

    An answer with a version has a strong ETag, one that was only read a weak one. Each changes whenever the body does.
    """
    headers: dict[str, str | list[str]] = {**SAFE, "Content-Type": "application/json"}
    if isinstance(body, Sheet | Text):
        return Response(body.text, {**SAFE, **body.headers}, status)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    text = body if isinstance(body, str) else json.dumps(body)
    known = json.loads(body) if isinstance(body, str) else body
    digest = hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    if isinstance(known, Mapping) and "version" in known:
        headers["ETag"] = f'"{known["version"]}.{digest}"'
    elif is_read:
        headers["ETag"] = f'W/"{digest}"'
    return Response(text, headers, status)


def names_version(tag: str, version: int) -> bool:
    """True if an ETag of If-Match names this version; the digest after the point is ignored."""
    return tag in ("", "*") or tag.removeprefix("W/").strip('"').partition(".")[0] == str(version)


def or_not_modified(response: Response, asked: str) -> Response:
    """Gives 304 without a body if the If-None-Match header shows that the caller has this answer already."""
    tag = str(response.headers.get("ETag", ""))
    known = {each.strip().removeprefix("W/") for each in asked.split(",")}
    if response.status_code != 200 or not tag or not known & {tag.removeprefix("W/"), "*"}:
        return response
    kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
    return Response("", kept, 304)


def problem(problem: errors.Problem, request: Any) -> Response:
    """An answer as RFC 9457 says (https://www.rfc-editor.org/rfc/rfc9457); it never quotes the caller's input."""
    language = titles.language(request.headers.get("accept-language", ""))
    body = {
        "type": f"{requests.api(request)}/docs/problems/{problem.code}", "title": titles.title(problem, language),
        "status": problem.status, "code": problem.code, "request_id": _id(request),
    }  # fmt: skip
    body |= {"detail": problem.detail} if problem.detail else {}
    body |= {"field": problem.field} if problem.field else {}
    body |= problem.more
    headers: dict[str, str | list[str]] = {
        **SAFE,
        "Content-Type": "application/problem+json",
        "Content-Language": language,
    }
    if problem.after:
        headers["Retry-After"] = str(max(1, round(problem.after)))
    if isinstance(problem, errors.NotAllowed):
        headers["Allow"] = ", ".join(problem.verbs)
    return Response(json.dumps(body), headers, problem.status)


def with_common_headers(response: Response, request: Any) -> Response:
    """Adds the headers that every answer has, and removes the body of an answer to HEAD."""
    vary = {"Vary": "Origin, Accept-Language"}
    response.headers = {**response.headers, **vary, "Request-Id": _id(request), **_cors(request)}
    if request.method == "HEAD":
        response.body = ""
    return response


def _id(request: Any) -> str:
    return str(request.context.get("requestId", ""))


def _cors(request: Any) -> Mapping[str, str]:
    origin = request.headers.get("origin", "")
    if origin not in settings.get().origins:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": ",".join(VERBS),
        "Access-Control-Allow-Headers": TAKEN,
        "Access-Control-Expose-Headers": SHOWN,
        "Access-Control-Max-Age": "600",
    }
