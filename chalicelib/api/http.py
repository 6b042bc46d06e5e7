"""Every request of the API passes here: authenticate, check permission and input, call the view, answer.

Errors become answers here and nowhere else. ROUTES lists all operations that are loaded; the OpenAPI document and tests
are made from it. A process loads the module of an operation when it is first asked for; `operations` says which module
declares which.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from chalice.app import Chalice, Response

from chalicelib import clock, errors, log, settings, strict_json
from chalicelib.access import actors, apps, memberships, permissions, refusals, sessions, sso
from chalicelib.access.actors import Actor
from chalicelib.access.tokens import Caller
from chalicelib.api import addresses, answers, deprecations, idempotency, limits, noted, requests, schema
from chalicelib.api.operations import OPERATIONS
from chalicelib.plans import entitlements, gates
from chalicelib.store import external_ids, fence

LARGEST_BODY_BYTES = 256 << 10
SIGNED_IN: tuple[str, ...] = ()
Json = Mapping[str, Any]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Route:
    """An operation of the API. A caller needs one of the `permissions`; with none listed, anybody signed in may call.

    A `public` operation needs no sign-in. With `newcomers` the caller is a person who need not be a member of an
    agency; keys are refused. With `by_sso` these may also be people whom an agency's own provider signed in. A
    `versioned` operation honours If-Match. A `repeatable` operation is safe to run again after a request with the same
    Idempotency-Key died. `pays` says to which class of changes the operation belongs; whether the agency's subscription
    allows that class, see `plans`. `also` is a content type other than JSON that the answer can have. `ends` is set if
    the operation is to be removed.
    """

    verb: str
    path: str
    view: Callable[["Call"], Any]
    summary: str
    permissions: tuple[str, ...]
    body: Mapping[str, Any] | None
    query: Mapping[str, Any]
    answer: Mapping[str, Any]
    status: int
    newcomers: bool = False
    versioned: bool = False
    repeatable: bool = False
    pays: str = "never"
    also: str = ""
    public: bool = False
    by_sso: bool = False
    ends: deprecations.Deprecation | None = None

    @property
    def tagged(self) -> bool:
        """True if the answer has a version, so that its ETag can be used in If-Match."""
        return "version" in self.answer.get("properties", {})


ROUTES: list[Route] = []
_DECLARED: dict[tuple[str, str], Route] = {}


@dataclass(frozen=True)
class Call:
    """A request that passed all checks: who calls, the parts of the path, the checked query and body, and the time
    (ms).

    `hooks` is the base address of all hooks, `api` the address at which the API was called, `caller` the session or key
    of the actor.
    """

    actor: Actor
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    now: int
    hooks: str
    headers: Mapping[str, str] = field(default_factory=dict)
    caller: Caller = field(default=Caller(""), repr=False)
    api: str = ""

    def wants(self, mime: str) -> bool:
        return mime in (part.partition(";")[0].strip().lower() for part in self.headers.get("accept", "").split(","))

    def matches(self, version: int) -> None:
        """Raises PreconditionFailed if the If-Match header names another version."""
        asked = self.headers.get("if-match", "").split(",")
        if not any(answers.names_version(tag.strip(), version) for tag in asked):
            raise errors.PreconditionFailed


def route(
    verb: str,
    path: str,
    *,
    permission: str | tuple[str, ...],
    pays: str = "",
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    answer: Mapping[str, Any],
    status: int = 200,
    newcomers: bool = False,
    versioned: bool = False,
    repeatable: bool = False,
    also: str = "",
    public: bool = False,
    by_sso: bool = False,
    ends: deprecations.Deprecation | None = None,
) -> Callable[[F], F]:
    """Declares a function as an operation: it takes a Call and gives the JSON of the answer."""

    def declare(view: F) -> F:
        needs = (permission,) if isinstance(permission, str) else permission
        unknown = set(needs) - set(permissions.PERMISSIONS)
        if unknown:
            raise ValueError(f"{view.__name__}: no such permission: {', '.join(unknown)}")
        if (verb == "GET") == bool(pays) or (pays and pays not in entitlements.ALLOWED):
            raise ValueError(f"{view.__name__}: what changes something says what it pays for, and nothing else does")
        summary = (view.__doc__ or view.__name__).strip().splitlines()[0]
        taken = (needs, body, query or {}, answer, status, newcomers, versioned, repeatable, pays or "never", also)
        declared = Route(verb, path, view, summary, *taken, public, by_sso, ends)
        ROUTES.append(declared)
        _DECLARED[verb, path] = declared
        return view

    return declare


def mount(app: Chalice, authorizer: Any) -> None:
    """Serves all operations below /v1. Anything else is answered with 404 or 405."""
    for verb, path, module, public in OPERATIONS:
        serve(app, None if public else authorizer, verb, path, partial(_route_of, verb, path, module))

    @app.route("/{proxy+}", methods=answers.VERBS, content_types=["*/*"])
    def elsewhere() -> Response:
        request = requests.current(app)
        _, _, *path = request.context["path"].split("/", 2)
        return answer_or_problem(request, lambda: _no_such_operation(request.method, "/" + "".join(path)))


def serve(app: Chalice, authorizer: Any, verb: str, path: str, load: Callable[[], Route]) -> None:
    """Serves an operation; `load` is called when it is first asked for."""

    def entry(**path_parts: str) -> Response:
        request = requests.current(app)
        return answer_or_problem(request, lambda: deprecations.answer(load(), request, path_parts, _perform))

    verbs = [verb, "HEAD"] if verb == "GET" else [verb]
    app.route("/v1" + path, methods=verbs, authorizer=authorizer, content_types=["*/*"])(entry)


def _route_of(verb: str, path: str, module: str) -> Route:
    if (verb, path) not in _DECLARED:
        import_module(f"chalicelib.{module}")
    return _DECLARED[verb, path]


def load() -> None:
    """Loads all operations, for callers that need all of ROUTES."""
    for verb, path, module, _ in OPERATIONS:
        _route_of(verb, path, module)


def _no_such_operation(verb: str, path: str) -> Response:
    known = addresses.verbs_of(path.removeprefix("/v1"))
    if not known:
        raise errors.NotFound
    if verb == "OPTIONS":
        return Response("", {"Allow": ", ".join(known)}, 204)
    raise errors.NotAllowed(f"The address takes only {', '.join(known)}.", verbs=known)


def _perform(route: Route, request: Any, path_parts: Mapping[str, str]) -> Response:
    now = clock.now()
    if re.search("//|/$", request.context.get("path", "")):
        raise errors.NotFound
    if route.public:
        return _respond(route, actors.newcomer("", requests.source(request)), Caller(""), request, path_parts, now)
    return _perform_for(sso.resolved(_caller(request)), route, request, path_parts, now)


def _perform_for(caller: Caller, route: Route, request: Any, path_parts: Mapping[str, str], now: int) -> Response:
    if caller.has_ended(now):  # the gateway remembers for a while that it let a token in
        raise errors.Unauthenticated
    if route.newcomers:
        sso.check_newcomer(caller, by_sso=route.by_sso)
        if _is_signed_out(caller, request) or sessions.is_ended(caller.subject, caller.session):
            raise memberships.signed_out()
        actor = actors.newcomer(caller.subject, requests.source(request))
        return _respond(route, actor, caller, request, path_parts, now)
    agency = sso.agency_of(caller, request.headers.get("palabre-agency", ""))
    actor = memberships.of(caller.subject, agency, requests.source(request), now, caller.since, caller.session)
    if cause := requests.caused_by(request):
        actor = replace(actor, caused_by=cause)
    is_signed_out = _is_signed_out(caller, request)
    with fence.within(actor.agency):
        if is_signed_out:
            memberships.note_end(actor.agency, caller, now)
            raise memberships.signed_out()
        sso.check_sign_in(actor, caller)
        actor = apps.limited_to_app(actor, caller)
        allowance = limits.count(actor, now)
        code = ""
        try:
            path_parts = _with_our_ids(actor, route, path_parts)
            response = _respond(route, actor, caller, request, path_parts, now)
        except errors.Problem as error:
            code = error.code
            if isinstance(error, errors.Forbidden):
                parts = {name: part[:80] for name, part in path_parts.items()}
                refusals.record(actor, route.view.__name__, parts, now)
            response = answers.problem(error, request)
        if route.verb != "GET":
            noted.note(request, actor, path_parts, response, code, now)
    response.headers = {**response.headers, **limits.headers(allowance)}
    return response


def _with_our_ids(actor: Actor, route: Route, parts: Mapping[str, str]) -> Mapping[str, str]:
    """Path parts may be an `ext:` id or an id that the client chose; these are replaced by our ids."""
    word = route.path.split("/")[1]
    return {name: external_ids.our_id(actor.agency, word, part, actor.sees) for name, part in parts.items()}


def _caller(request: Any) -> Caller:
    context = request.context.get("authorizer") or {}
    since, until = int(context.get("since") or 0), int(context.get("until") or 0)
    scopes = frozenset(str(context.get("scopes") or "").split())
    return Caller(context.get("sub", ""), since, until, context.get("session", ""), context.get("app", ""), scopes)


def _is_signed_out(caller: Caller, request: Any) -> bool:
    if caller.is_key:
        return False
    agent, header = request.headers.get("user-agent", ""), request.headers.get("authorization", "")
    note = partial(sessions.note, caller, requests.source(request), agent, clock.now())
    return not sessions.verify(caller, header, note)


def _respond(
    route: Route, actor: Actor, caller: Caller, request: Any, path_parts: Mapping[str, str], now: int
) -> Response:
    actor = actor.at(route.permissions)
    gates.check(actor, route.pays, now)
    query = schema.query(route.query, dict(request.query_params or {}))
    raw = requests.raw_body(request) if route.verb in ("POST", "PUT", "PATCH") else b""
    body = _body(route, request, raw)
    api = requests.api(request)
    call = Call(actor, path_parts, query, body, now, settings.get().hooks_url, request.headers, caller, api)
    key = request.headers.get("idempotency-key")
    if route.verb != "POST" or key is None:
        is_read = route.verb == "GET"
        response = answers.success(route.status, route.view(call), is_read=is_read)
        return answers.or_not_modified(response, request.headers.get("if-none-match", "")) if is_read else response
    operation = f"{route.view.__name__}{sorted(path_parts.items())}"
    with idempotency.once(actor, key, operation, raw, now, repeatable=route.repeatable) as turn:
        if turn.answer is None:
            answer = route.view(call)
            turn.keep(route.status, answer, schema.without_secrets(route.answer, answer))
        return answers.success(*turn.result(), replayed=turn.replayed)


def _body(route: Route, request: Any, raw: bytes) -> Mapping[str, Any]:
    if route.body is None:
        return {}
    if len(raw) > LARGEST_BODY_BYTES:
        raise errors.TooLarge
    if raw and not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise errors.UnsupportedMedia("The Content-Type of the body has to be application/json.")
    try:
        value = strict_json.loads(raw or b"{}")
    except strict_json.Unreadable as reason:
        raise errors.Malformed(f"The body is {reason}.") from reason
    schema.check(route.body, value)
    checked: Mapping[str, Any] = value
    return checked


def answer_or_problem(request: Any, perform: Callable[[], Response]) -> Response:
    """The answer of `perform`, or the problem that it raises. Writes one log line, and never shows a stack trace."""
    try:
        response = perform()
    except errors.Problem as error:
        response = answers.problem(error, request)
    except Exception as error:  # noqa: BLE001 - callers must not see what went wrong inside
        log.problem("request_failed", error, path=request.context.get("resourcePath"))
        response = answers.problem(errors.Unavailable(code="internal"), request)
    response = answers.with_common_headers(response, request)
    path = request.context.get("resourcePath")
    log.line("request", verb=request.method, path=path, status=response.status_code, **noted.of(request))
    return response
