"""Two account pages, at the addresses that a user pool on AWS has: `/signup` and `/forgotPassword`.

Each is a form, followed by a form for the code that was mailed. Then the person is sent to the sign-in page.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Query = Mapping[str, str]
PATHS = ("/signup", "/forgotPassword")
_PASSED_ON = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
)  # fmt: skip
_PASSWORD = "At least 12 characters, with upper case, lower case and a number."
_REFUSALS = (
    "UsernameExists",
    "InvalidPassword",
    "InvalidParameter",
    "CodeMismatch",
    "ExpiredCode",
    "LimitExceeded",
    "NotAuthorized",
)


@dataclass(frozen=True)
class Led:
    """A redirect to this address."""

    location: str


def page(path: str, query: Query, note: str = "") -> str:
    """The first form, with `note` as an error message."""
    if path == "/signup":
        return _form("Make an account", path, query, "password", "Sign up", note)
    return _form("Forgotten password", path, query, "", "Send me a code", note)


def submitted(path: str, given: Query, pool: Any, sign_in: str) -> str | Led:
    """The answer to a form: the next form, the same form with an error message, or a redirect to `sign_in`.

    `pool` is a boto3 client of the user pool.
    """
    query = {name: given[name] for name in _PASSED_ON if given.get(name)}
    step = _confirm if given.get("code") else _begin
    try:
        step(path, given, pool)
    except pool.exceptions.ClientError as error:
        code = error.response["Error"]["Code"].removesuffix("Exception")
        if code not in _REFUSALS:
            raise
        words = error.response["Error"]["Message"]
        return _code_form(path, given, query, words) if step is _confirm else page(path, query, words)
    return Led(f"{sign_in}?{urlencode(query)}") if step is _confirm else _code_form(path, given, query)


def _begin(path: str, given: Query, pool: Any) -> None:
    client, email = given.get("client_id", ""), given.get("email", "")
    if path == "/signup":
        attributes = [{"Name": "email", "Value": email}]
        pool.sign_up(ClientId=client, Username=email, Password=given.get("password", ""), UserAttributes=attributes)
    else:
        pool.forgot_password(ClientId=client, Username=email)


def _confirm(path: str, given: Query, pool: Any) -> None:
    named = {"ClientId": given.get("client_id", ""), "Username": given.get("email", "")}
    if path == "/signup":
        pool.confirm_sign_up(**named, ConfirmationCode=given["code"])
    else:
        password = given.get("password", "")
        pool.confirm_forgot_password(**named, ConfirmationCode=given["code"], Password=password)


def _code_form(path: str, given: Query, query: Query, note: str = "") -> str:
    known = {**query, "email": given.get("email", "")}
    password = "" if path == "/signup" else "password"
    return _form("We sent you a code", path, known, password, "Go on", note, code=True)


def _form(title: str, path: str, query: Query, password: str, button: str, note: str, *, code: bool = False) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in query.items()
        if name in (*_PASSED_ON, "email")
    )
    fields = "" if code else '<label>E-mail <input name="email" type="email" required autofocus></label>'
    if code:
        fields = '<label>Code <input name="code" inputmode="numeric" required autofocus></label>'
    if password:
        fields += f'<label>Password <input name="password" type="password" required></label><p>{_PASSWORD}</p>'
    wrong = f'<p class="wrong" role="alert">{html.escape(note)}</p>' if note else ""
    return (
        f"<h1>{title}</h1>{wrong}"
        f'<form method="POST" action="{path}">{hidden}{fields}<button>{button}</button></form>'
        '<p><a href="/mails" target="_blank">Mails that this machine sent</a></p>'
    )
