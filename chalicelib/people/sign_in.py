"""/v1/auth: what a page needs to know before anybody has signed in. It is public.

People sign in on the user pool's own pages, with a code and PKCE (RFC 7636); no password passes through us.
"""

from chalicelib import settings
from chalicelib.access import sso, tokens
from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route

# Without the last, the pool cannot be asked whether a session still holds.
SCOPES = ("openid", "email", "profile", "aws.cognito.signin.user.admin")
CALLBACK = "/signed-in"  # the pool leads back to this path of each origin, and to no other
_URL = {"type": "string", "format": "uri"}
_ADDRESSES = (
    "authorization_endpoint", "token_endpoint", "revocation_endpoint", "end_session_endpoint", "password_endpoint",
    "user_pool_endpoint",
)  # fmt: skip
AUTH = schema.body(
    "SignIn",
    ("issuer", *_ADDRESSES, "sign_up_endpoint", "client_id", "scopes", "callback", "identity_provider"),
    issuer=_URL,
    **dict.fromkeys(_ADDRESSES, _URL),
    sign_up_endpoint={
        **schema.nullable(_URL),
        "description": "The page on which anybody can create an account; null if people need an invitation.",
    },
    client_id={"type": "string"},
    scopes={"type": "array", "items": {"type": "string"}},
    identity_provider={
        **schema.TEXT_OR_NULL,
        "description": "The agency's identity provider for that address: send it to `authorization_endpoint`, too.",
    },
    callback={"type": "string", "description": "The path on your origin to which the person returns with a code."},
)


QUERY = {
    "email": {
        "type": "string",
        "maxLength": 254,
        "description": "The person's e-mail address: their agency may have an identity provider of its own.",
    }
}


@route("GET", "/auth", permission=SIGNED_IN, public=True, query=QUERY, answer=AUTH)
def show_sign_in(call: Call) -> Json:
    """Shows how people sign in: addresses, client and scopes of the code grant with PKCE."""
    current = settings.get()
    base = current.sign_in_url
    own = sso.provider_for(call.query.get("email", ""))
    return {
        "issuer": tokens.issuer(),
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "token_endpoint": f"{base}/oauth2/token",
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "end_session_endpoint": f"{base}/logout",
        "password_endpoint": f"{current.accounts_url}/forgotPassword",
        "user_pool_endpoint": current.pool_url,
        "sign_up_endpoint": f"{current.accounts_url}/signup" if current.sign_up else None,
        "client_id": own.client if own else current.client,
        "identity_provider": own.name if own else None,
        "scopes": list(SCOPES),
        "callback": CALLBACK,
    }
