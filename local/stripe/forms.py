"""What Stripe accepts: nested forms, the parameters that a call knows, and typed values. All pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from local.stripe.refusals import invalid

_KEY = re.compile(r"[^\[\]]+|\[[^\[\]]*\]")
_BRACES = re.compile(r"(.*)\{([^{}]*)\}(.*)")
DEEPEST = 10


def decoded(raw: bytes) -> dict[str, Any]:
    """The parameters in a form's bytes."""
    try:
        return nested(parse_qsl(raw.decode(), keep_blank_values=True))
    except ValueError:
        raise invalid("The form is not valid UTF-8.") from None


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """`a[b][0][c]=1` as {"a": {"b": [{"c": "1"}]}}; lists are ordered by their numbers."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        parts = [part.strip("[]") for part in _KEY.findall(key)]
        if not parts or len(parts) > DEEPEST:
            raise invalid(f"Invalid parameter name: {key[:40]}", key[:40])
        _put(tree, parts, value, key)
    return {name: _listed(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], parts: list[str], value: str, key: str) -> None:
    here = tree
    for part in parts[:-1]:
        here = here.setdefault(part or str(len(here)), {})
        if not isinstance(here, dict):
            raise invalid(f"Invalid object: {key[:40]}", key[:40])
    here[parts[-1] or str(len(here))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(inner) for name, inner in value.items()}


def paths(words: str) -> frozenset[str]:
    """Expands braces: `customer items[].{id,price}` gives three names."""
    return frozenset(path for word in words.split() for path in _opened(word))


def _opened(word: str) -> Iterator[str]:
    match = _BRACES.fullmatch(word)
    if not match:
        yield word
        return
    before, inside, after = match.groups()
    for name in inside.split(","):
        yield from _opened(f"{before}{name}{after}")


def refuse_unknown(params: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuses a parameter that is not among the known names; `name.*` allows any name below it."""
    allowed = set(known)
    for leaf in _leaves(params, ""):
        whole = any(name.startswith((f"{leaf}.", f"{leaf}[]")) for name in allowed)
        below = any(name.endswith(".*") and leaf.startswith(name[:-1]) for name in allowed)
        if leaf and leaf not in allowed and not whole and not below:
            shown = leaf.replace("[]", "[0]")
            raise invalid(f"Received unknown parameter: {shown}", shown, "parameter_unknown")


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _leaves(inner, f"{path}[]")
    else:
        yield path


def need(params: Mapping[str, Any], name: str) -> Any:
    if params.get(name) in (None, ""):
        raise invalid(f"Missing required param: {name}.", name, "parameter_missing")
    return params[name]


def whole(params: Mapping[str, Any], name: str, default: int | None = None, *, least: int | None = None) -> Any:
    """An integer; `default` if the parameter is missing or empty."""
    value = params.get(name)
    if value in (None, ""):
        return default
    if not isinstance(value, str | int) or isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise invalid(f"Invalid integer: {value}", name, "parameter_invalid_integer")
    number = int(value)
    if least is not None and number < least:
        raise invalid(f"This value must be greater than or equal to {least}.", name, "parameter_invalid_integer")
    return number


def truth(params: Mapping[str, Any], name: str, default: bool = False) -> bool:
    value = params.get(name)
    if value in (None, ""):
        return default
    if value in ("true", True):
        return True
    if value in ("false", False):
        return False
    raise invalid(f"Invalid boolean: {value}", name)


def choice(params: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = params.get(name) or default
    if value not in allowed:
        raise invalid(f"Invalid {name}: must be one of {', '.join(allowed)}", name)
    return str(value)


def metadata(params: Mapping[str, Any], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """The metadata after the call: an empty value deletes its key, and an empty `metadata` deletes all."""
    given = params.get("metadata")
    if given == "":
        return {}
    if isinstance(given, list):
        given = {str(place): value for place, value in enumerate(given)}
    merged = {**(before or {}), **(given or {})}
    return {name: value for name, value in merged.items() if value != ""}
