"""How an account is connected on the network's own consent page (OAuth 2), and how its tokens are renewed.

All that is secret is kept encrypted. A network says how each step is made there; who may take it, and when, is decided
elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.networks.outgoing import Credentials


@dataclass(frozen=True, kw_only=True)
class App:
    """An app that is registered with the network: ours, or an agency's own. `config` is what else the network needs to
    know the app by: the id of a login configuration (Meta) or of its webhook (X), or its number (LinkedIn).
    """

    id: str
    secret: str = field(default="", repr=False)
    config: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the consent page is asked with: `challenge` is the SHA-256 of a verifier that only we know (PKCE).

    `server` is the host that the user named, on networks that have many.
    """

    redirect: str
    state: str
    challenge: str
    scopes: tuple[str, ...]
    server: str = ""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """The address of the consent page, and what `finish` needs again (`kept`, which is stored encrypted until then)."""

    address: str
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What the person came back with from the consent page. `query` is everything that the network added to our
    address.
    """

    code: str = field(repr=False)
    redirect: str
    verifier: str = field(repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A token that lives for `lives` seconds (0: until somebody ends it), and what renews it, if anything does.

    `refresh_lives` is for how many seconds `refresh` may be used. `scopes` are those that were granted, empty if the
    network does not tell. `user` is the person who gave the consent, by the network's id.
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
    """An account that the tokens reach. If it has a `token` of its own, that one is used for it instead."""

    id: str
    name: str = ""
    picture: str = ""
    token: str = field(default="", repr=False)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Posting:
    """The address to which a network posts for an app, if any. `missing` is what it should post there and does not."""

    address: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The steps on one network. Each calls the network or is pure, and raises an Outcome if it refuses.

    - `begin(app, asked)` gives the address of the page where somebody consents.
    - `finish(app, granted)` exchanges what they came back with for tokens. It works once.
    - `accounts(tokens)` lists the accounts that the tokens reach.
    - `renew(app, credentials)` gives new tokens for those that end. A token that it leaves empty stays as it was.
      Raises Expired if somebody has to consent again.
    - `granted(app, credentials)` asks which scopes the token has by now; nothing if the network does not tell.
    - `posting(app)` asks where and what the network posts for all accounts of the app. `post_to(app, hook, verify)` has
      it post everything to that hook; the network first shakes hands with the hook, by the `verify` token. Raises
      Rejected if the network refuses.
    - `scopes` are asked for; without those of `needed` the channel cannot be used at all. `gives` maps an ability, by
      its name in the capabilities, to the scopes that it needs; an ability that is not listed needs none.
    - `names_server`: whoever connects an account names the server that it is on.
    - `provider` is the company that asks for the consent, if it is the same for several networks and reports by signed
      requests that somebody took their consent back.
    - `shares` names what one person grants to one app for several networks at once: a later grant for any of them
      replaces the earlier ones. An account that is not itself the `page` that was granted has it in its details.
    - `registers`: no app needs to be configured; the network learns of ours during the consent.
    - `needs_config`: the app's webhook is registered before any account is connected, and the app's `config` names it.
      Only our own apps can do that: the hooks of an agency's app are known only afterwards.
    - `products` are other logins of the network, by the `product` in the details of their accounts. Each has apps of
      its own. `title` is what the network calls the login, where people choose among several.
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
    """The login of that product; the network's usual one if it has no such product. None without a consent."""
    return consent.products.get(str(product), consent) if consent else None
