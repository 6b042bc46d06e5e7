"""Who may call an operation, in sentences, for renderers that do not know `x-permissions`."""

from chalicelib.access import permissions, scopes
from chalicelib.api.http import Route

_LEVELS = {
    "protect": "",
    "never": "",
    "work": "With a subscription that is read-only it is refused (402).",
    "outbound": "It needs a subscription with which all works, and that nothing is used up (402).",
    "grow": "It needs a subscription with which all works (402).",
}

# Operations that refuse apps, whatever their scopes are: they would get in by themselves.
NOT_FOR_APPS = frozenset(
    """
    create_key register_app approve_app create_socket_ticket
    claim_sign_in_domain verify_sign_in_domain remove_sign_in_domain set_sign_in_provider remove_sign_in_provider
    """.split()
)


def sentence(route: Route) -> str:
    """The end of an operation's description."""
    return " ".join(filter(None, (_who(route), _app(route), _LEVELS[route.pays])))


def _who(route: Route) -> str:
    if route.public:
        return "Needs no token."
    if route.newcomers:
        return "For everybody who is signed in, in an agency or in none; not for keys and apps."
    if not route.permissions:
        return "Needs no permission."
    named = _either([f"`{permission}`" for permission in route.permissions])
    is_whole = set(route.permissions) <= set(permissions.OF_THE_AGENCY)
    return f"Needs {named} for {'all brands' if is_whole else 'the brand that it is about'}."


def _app(route: Route) -> str:
    """The scopes of which an app needs one to call it."""
    if route.public or route.newcomers:
        return ""
    if route.view.__name__ in NOT_FOR_APPS:
        return "Not for apps."
    wanted = set(route.permissions)
    names = [f"`{name}`" for name, held in scopes.SCOPES.items() if wanted & held]
    return f"An app needs the scope {_either(names)}." if wanted else "An app needs no scope for it."


def _either(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
