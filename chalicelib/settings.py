"""The environment variables, read once into one frozen Settings. No other module reads the environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_HOOKS = "https://{{api}}.execute-api.{region}.amazonaws.com/hooks"
_API = "https://{domain}/{stage}"
OPENSEARCH = "opensearch"
_SOCKETS = "wss://{{api}}.execute-api.{region}.amazonaws.com/live"


@dataclass(frozen=True)
class Settings:
    """The names of what the template created, and the few settings there are. It holds no secrets.

    `queues` are the addresses of the queues of infra/functions.yaml, by name. `pool_url` is the address of the user
    pool, `token_minutes` the longest life of its access tokens, `sign_up` whether strangers may make accounts there.
    `billing`: agencies pay, see `plans`. `api_url` is the API's address, a pattern with `{domain}`, `{api}` and
    `{stage}`, which each request fills in. `guardrail` is the Bedrock guardrail that gives opinions on messages; "" for
    none. `search` is the kind of the text index, see `texts`, and `search_url` its address; it is updated every
    `index_seconds`.

    For one machine only: `network_apis` replaces the address of a network; from `media_hosts` files are fetched
    whatever their address is, `receiver_hosts` may receive events in the same way, and `resolver` answers for names.
    """

    stage: str
    region: str
    table: str
    bucket: str
    anchors: str
    key: str
    queues: Mapping[str, str]
    user_pool: str
    client: str
    pool_url: str
    sign_in_url: str
    accounts_url: str
    sign_up: bool
    token_minutes: int
    api_url: str
    hooks_url: str
    sockets_url: str
    origins: tuple[str, ...]
    network_apis: Mapping[str, str]
    media_hosts: tuple[str, ...]
    receiver_hosts: tuple[str, ...]
    resolver: str
    mail_from: str
    app_url: str
    billing: bool
    search: str
    search_url: str
    index_seconds: int
    guardrail: str
    guardrail_version: str

    @property
    def jwks_url(self) -> str:
        """Where the user pool publishes its signing keys."""
        return f"{self.pool_url}/{self.user_pool}/.well-known/jwks.json"

    @property
    def callbacks_url(self) -> str:
        """Where frames for open sockets are posted: the same address, over HTTP."""
        return self.sockets_url.replace("ws", "http", 1) + "/@connections"

    def address(self, network: str, host: str) -> str:
        """The base URL of a `host` of the network: the real one, unless a setting replaces it."""
        base = self.network_apis.get(network)
        return f"{base}/{host}" if base else f"https://{host}"


def function() -> str:
    """The function of app.py that this process runs, as Lambda names it; "" elsewhere."""
    return os.environ.get("_HANDLER", "").rpartition(".")[2]


def _search(env: Mapping[str, str]) -> str:
    """Raises ValueError for an unknown kind of index, KeyError if its address is missing."""
    chosen = env.get("SEARCH") or "segments"
    if chosen not in ("segments", OPENSEARCH):
        raise ValueError("SEARCH is segments or opensearch")
    if chosen == OPENSEARCH and not env.get("SEARCH_URL"):
        raise KeyError("SEARCH_URL")
    return chosen


def _guardrail(env: Mapping[str, str]) -> dict[str, str]:
    """Raises KeyError for a guardrail without a version, because DRAFT may change at any time."""
    chosen, version = env.get("GUARDRAIL", ""), env.get("GUARDRAIL_VERSION", "")
    if chosen and not version:
        raise KeyError("GUARDRAIL_VERSION")
    return {"guardrail": chosen, "guardrail_version": version}


@cache
def get() -> Settings:
    """Raises KeyError with the name of the first variable that is missing, so that nothing runs half configured."""
    env = os.environ
    region, pool = env["AWS_REGION"], env["USER_POOL"]
    return Settings(
        stage=env["STAGE"],
        region=region,
        table=env["TABLE"],
        bucket=env["BUCKET"],
        anchors=env["ANCHORS"],
        key=env["KEY"],
        queues={name.removesuffix("_QUEUE").lower(): url for name, url in env.items() if name.endswith("_QUEUE")},
        user_pool=pool,
        client=env["USER_POOL_CLIENT"],
        pool_url=env.get("COGNITO_URL") or f"https://cognito-idp.{region}.amazonaws.com",
        sign_in_url=env.get("SIGN_IN_URL", ""),
        accounts_url=env.get("ACCOUNTS_URL", ""),
        sign_up=env.get("SIGN_UP") == "open",
        token_minutes=int(env.get("TOKEN_MINUTES") or 60),
        api_url=env.get("API_URL") or _API,
        hooks_url=(env.get("HOOKS_URL") or _HOOKS.format(region=region)).replace("{api}", env.get("HOOKS_API", "")),
        sockets_url=(env.get("SOCKETS_URL") or _SOCKETS.format(region=region)).replace("{api}", env["SOCKETS_API"]),
        origins=tuple(filter(None, env.get("ORIGINS", "").split(","))),
        network_apis=json.loads(env.get("NETWORK_APIS") or "{}"),
        media_hosts=tuple(filter(None, env.get("MEDIA_HOSTS", "").split(","))),
        receiver_hosts=tuple(filter(None, env.get("RECEIVER_HOSTS", "").split(","))),
        resolver=env.get("RESOLVER", ""),
        mail_from=env.get("MAIL_FROM", ""),
        app_url=env.get("APP_URL", ""),
        billing=env.get("BILLING") == "on",
        search=_search(env),
        search_url=env.get("SEARCH_URL", ""),
        index_seconds=int(env.get("INDEX_SECONDS") or 30),
        **_guardrail(env),
    )
