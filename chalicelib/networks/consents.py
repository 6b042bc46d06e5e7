"""How an account is connected on the network's own consent page (OAuth 2), and how its tokens are renewed.

All that is secret is kept encrypted. A network says how each step is made there; who may take it, and when, is decided
elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class App:
    """An app that is registered with the network: ours, or an agency's own. `config` names what it asks for, there."""

    id: str
    secret: str = field(default="", repr=False)
    config: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody is sent to the network with: `challenge` is the SHA-256 of a verifier that only we know (PKCE).

    `server` is the host that they named, on networks that have many.
    """

    redirect: str
    state: str
    challenge: str
    scopes: tuple[str, ...]
    server: str = ""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """The address to send them to, and what `finish` needs again; that is kept encrypted until then."""

    address: str
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What they came back with. `query` is all that the network added to our address."""

    code: str = field(repr=False)
    redirect: str
    verifier: str = field(repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A token that lives for so many seconds (0: until somebody ends it), and what renews it, if anything does.

    `refresh_lives` is for how long that in turn may be used. `scopes` are those that were granted, empty if the network
    does not tell. `user` is who gave it there.
    """

    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    lives: int = 0
    refresh_lives: int = 0
    scopes: tuple[str, ...] = ()
    user: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account that a grant reaches. With a `token` of its own, that is used for it instead of the grant's."""

    id: str
    name: str = ""
    picture: str = ""
    token: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Posting:
    """The address to which a network posts for an app, if to any, and what it does not post there, though it should."""

    address: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The steps on one network. Each calls the network or is pure, and raises an Outcome if it refuses.

    - `begin(app, asked)` gives where to send somebody.
    - `finish(app, granted)` exchanges what they came back with for tokens. It works once.
    - `accounts(tokens)` lists the accounts that those reach.
    - `renew(app, credentials)` gives new tokens for those that end. What it does not give stays as it was. Raises
      Expired if somebody has to consent again.
    - `granted(app, credentials)` asks which scopes the token has by now; nothing if the network does not tell.
    - `posting(app)` asks where and what the network posts for all accounts of the app. `post_to(app, hook, verify)` has
      it post all of it to that hook, which it shakes hands with by the `verify` token first. Raises Rejected if it will
      not.
    - `scopes` are asked for; without those of `needed` the channel cannot be used at all. `gives` says which of them an
      ability takes, by its name in the capabilities; one that is not there takes none.
    - `names_server`: whoever connects an account names the server that it is on.
    - `provider` is who asks for consent there, if that is the same for several networks and tells by signed requests
      that somebody took theirs back.
    - `shares` names what one person grants to one app for several networks at once: a later grant for any of them
      takes the place of those before. An account has the `page` that was granted in its details, if it is none itself.
    - `registers`: there is no app to be configured, the network is told of ours on the way.
    - `needs_config`: the app's webhook is registered before any account is connected, and the app's `config` names it.
      Only an app of ours can be that: the hooks of an agency's own are known afterwards.
    - `products` are other logins of the network, by the `product` that the details of their accounts have. Each has
      apps of its own. `title` is what the network calls the login, where people choose among several.
    """

    begin: Callable[[App, Asked], Begun]
    finish: Callable[[App, Granted], Tokens]
    accounts: Callable[[Tokens], Sequence[Account]]
    renew: Callable[[App, Credentials], Tokens] | None = None
    granted: Callable[[App, Credentials], Sequence[str]] | None = None
    posting: Callable[[App], Posting] | None = None
    post_to: Callable[[App, str, str], None] | None = None
    scopes: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str = ""
    shares: str = ""
    names_server: bool = False
    registers: bool = False
    needs_config: bool = False
    title: str = ""
    products: Mapping[str, "Consent"] = field(default_factory=dict)


def consent_for(consent: Consent | None, product: object) -> Consent | None:
    """The login of that product; the network's usual one if it has no such product."""
    return consent.products.get(str(product), consent) if consent else None
