"""Bedrock's double: it accepts only signed calls of ApplyGuardrail, for one guardrail in one version.

It has no model and detects the words of KNOWN. Like Bedrock it answers a text that is too long, or an unknown member,
with a ValidationException.
"""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.networks.double import Answer, Request

GUARDRAIL, VERSION = "gr0palabre1", "1"
_PATH = re.compile("/guardrail/([^/]+)/version/([^/]+)/apply")
_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/[^/]+/bedrock/aws4_request, SignedHeaders=\S+, Signature=\w+"
)
LONGEST = 25_000
Json = Mapping[str, Any]


def _filter(type: str, confidence: str) -> Json:
    return {"contentPolicy": {"filters": [{"type": type, "confidence": confidence, "filterStrength": "HIGH",
                                           "action": "BLOCKED", "detected": True}]}}  # fmt: skip


def _topic(name: str) -> Json:
    return {"topicPolicy": {"topics": [{"name": name, "type": "DENY", "action": "BLOCKED", "detected": True}]}}


# Words that no lexicon knows, and what is detected in a text that has them.
KNOWN: Mapping[str, Json] = {
    "vermin like you": _filter("HATE", "HIGH"),
    "belong in a circus": _filter("INSULTS", "MEDIUM"),
    "count your days": _filter("VIOLENCE", "HIGH"),
    "no tomorrow": _topic("Self harm"),
    "ignore your instructions": _filter("PROMPT_ATTACK", "HIGH"),
}
_UNITS = {
    "topicPolicyUnits": 1, "contentPolicyUnits": 1, "wordPolicyUnits": 0, "sensitiveInformationPolicyUnits": 0,
    "sensitiveInformationPolicyFreeUnits": 0, "contextualGroundingPolicyUnits": 0,
}  # fmt: skip


def _refused(status: int, type: str) -> Answer:
    return Answer(status, {"message": type}, {"x-amzn-ErrorType": type})


class Bedrock:
    FAILURES: Mapping[str, Answer] = {
        "throttle": _refused(429, "ThrottlingException"),
        "fail": _refused(500, "InternalServerException"),
    }
    EVENTS: Mapping[str, Any] = {}

    def answer(self, request: Request) -> Answer:
        asked = _PATH.fullmatch(request.path)
        if request.method != "POST" or asked is None:
            return _refused(404, "UnknownOperationException")
        if not _SIGNED.fullmatch(request.headers.get("authorization", "")):
            return _refused(403, "AccessDeniedException")
        if asked.groups() != (GUARDRAIL, VERSION):
            return _refused(404, "ResourceNotFoundException")
        texts = _texts(request.json)
        if texts is None:
            return _refused(400, "ValidationException")
        said = " ".join(texts).casefold()
        assessments = [assessment for words, assessment in KNOWN.items() if words in said]
        action = "GUARDRAIL_INTERVENED" if assessments else "NONE"
        return Answer(200, {"usage": _UNITS, "action": action, "outputs": [], "assessments": assessments})


def _texts(body: Json) -> list[str] | None:
    """None if the request is not valid."""
    if not {"source", "content"} <= set(body) <= {"source", "content", "outputScope"}:
        return None
    if body["source"] not in ("INPUT", "OUTPUT") or any(set(block) != {"text"} for block in body["content"]):
        return None
    texts = [block["text"]["text"] for block in body["content"]]
    return texts if texts and all(0 < len(text) <= LONGEST for text in texts) else None
