"""E-mail addresses: where mail for one goes, and whether two are one person's. Pure.

A domain is what IDNA 2008 makes of it (https://www.rfc-editor.org/rfc/rfc5891): `stra\u00dfe.example` is not
`strasse.example`, and belongs to somebody else.
"""

import unicodedata


def deliverable(typed: str) -> str:
    """The address as typed, with its domain as the mail system knows it. Raises ValueError for an impossible domain."""
    local, _, domain = typed.strip().rpartition("@")
    return f"{local}@{_encoded(domain)}"


def folded(typed: str) -> str:
    """One spelling of an address, for comparing: upper case and look-alikes (NFKC) before the `@`
    make no difference.
    """
    local, _, domain = typed.strip().rpartition("@")
    try:
        domain = _encoded(domain)
    except ValueError:
        domain = domain.lower()  # nobody's: it is equal to itself only
    return f"{unicodedata.normalize('NFKC', local).casefold()}@{domain}"


def domain_of(address: str) -> str:
    """The domain of an address, as the mail system knows it. Raises ValueError for an impossible domain."""
    return _encoded(address.strip().rpartition("@")[2])


def _encoded(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    import idna

    return idna.encode(unicodedata.normalize("NFC", domain.lower())).decode()
