"""The server and the ways to authenticate, as the OpenAPI document shows them."""

from typing import Any

from chalicelib.access import scopes
from chalicelib.api.http import Route

Json = dict[str, Any]
SERVER: Json = {
    "url": "https://{host}/v1",
    "description": "The deployment that you use; for a local one, `make run` prints the address.",
    "variables": {"host": {"default": "api.palabre.dev", "description": "The host, without a path."}},
}
SIGN_IN = "https://auth.palabre.dev"  # a stack serves the document with its own
ADDRESSES = ("authorizationUrl", "tokenUrl", "refreshUrl")
SCHEMES: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or the access token of a person who signed in.",
    },
    "oauth": {
        "type": "oauth2",
        "description": "For apps: the code grant with PKCE. `GET /v1/auth` has the addresses of a deployment.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{SIGN_IN}/oauth2/authorize",
                "tokenUrl": f"{SIGN_IN}/oauth2/token",
                "refreshUrl": f"{SIGN_IN}/oauth2/token",
                "scopes": {f"{scopes.SERVER}/{name}": says for name, says in scopes.SAYS.items()},
            }
        },
    },
}


def of(route: Route) -> list[Json]:
    """The ways to authenticate, of which one is enough: any token, or an app's token with one of these scopes."""
    if route.public:
        return []
    wanted = set(route.permissions)
    named = [f"{scopes.SERVER}/{name}" for name, held in scopes.SCOPES.items() if wanted & held]
    apps: list[list[str]] = [[name] for name in named] if wanted else [[]]
    return [{"bearer": []}, *({"oauth": needed} for needed in apps if not route.newcomers)]
