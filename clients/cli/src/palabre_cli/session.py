"""Who calls: a key or tokens, kept in the user's own configuration folder, which nobody else may read."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
from palabre_client import Transport

Json = dict[str, Any]
_EARLY = 60  # seconds before its end a token is made anew


class NotSignedIn(Exception):
    """There is nothing to call with."""


def place() -> Path:
    return Path(os.environ.get("PALABRE_CONFIG") or click.get_app_dir("palabre")) / "session.json"


def keep(session: Json) -> None:
    """Writes it, for its owner's eyes from the first moment on."""
    path = place()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(session, file)
    fresh.replace(path)


def kept() -> Json:
    path = place()
    session: Json = json.loads(path.read_text()) if path.exists() else {}
    return session


def forget() -> None:
    place().unlink(missing_ok=True)


def bare(address: str, patience: float = 30.0) -> httpx.Client:
    """For what needs no token."""
    return httpx.Client(base_url=address, timeout=patience)


@dataclass
class Session:
    """The API as the one who is signed in, or has the key, may call it."""

    address: str
    key: str = ""
    agency: str = ""
    patience: float = 30.0
    _client: httpx.Client | None = field(default=None, repr=False)

    @property
    def client(self) -> httpx.Client:
        if self._client is None:
            transport = Transport(httpx.HTTPTransport(), self.token, agency=self.agency)
            self._client = httpx.Client(base_url=self.address, timeout=self.patience, transport=transport)
        return self._client

    def token(self) -> str:
        """The key, or an access token that still holds for a minute."""
        session = {"key": self.key} if self.key else kept()
        if not self.key and session.get("address") != self.address:
            raise NotSignedIn  # what was kept is for another address, and is not told to this one
        if session.get("key"):
            return str(session["key"])
        if not session.get("access_token"):
            raise NotSignedIn
        if session["until"] < time.time() + _EARLY:
            session = self._refreshed(session)
        return str(session["access_token"])

    def _refreshed(self, session: Json) -> Json:
        asked = {
            "grant_type": "refresh_token",
            "client_id": session["client_id"],
            "refresh_token": session["refresh_token"],
        }
        answer = httpx.post(session["token_endpoint"], data=asked, timeout=self.patience)
        if answer.status_code != httpx.codes.OK:
            raise NotSignedIn
        fresh = {**session, **tokens(answer.json())}
        keep(fresh)
        return fresh

    def ask(self, verb: str, path: str, body: Json | None = None, **query: Any) -> Any:
        """The answer's JSON. Raises Problem for a refusal."""
        wanted = {name: value for name, value in query.items() if value is not None}
        return self.client.request(verb, path, json=body, params=wanted).json()

    def every(self, path: str, **query: Any) -> Iterator[Json]:
        """The items of all pages."""
        cursor = None
        while True:
            page = self.ask("GET", path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return


def tokens(answer: Json) -> Json:
    """What is kept of the answer of the token endpoint."""
    named = {name: answer[name] for name in ("access_token", "refresh_token") if name in answer}
    return {**named, "until": time.time() + int(answer.get("expires_in", 3600))}
