"""Where Stripe's pages lead back to."""

import pytest

from chalicelib import errors
from chalicelib.purchases import returns

APP = "https://app.example.com/inbox"


@pytest.mark.parametrize("url", [APP, APP + "/", APP + "/billing?bought=1#top", APP + "?a=b"])
def test_leads_back_to_the_app(url: str) -> None:
    assert returns.checked(url, APP) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/inbox", "https://app.example.com@evil.example/inbox", "javascript:alert(1)",
        "https://user:pass@app.example.com/inbox", "https://app.example.com/inbox\r\nLocation: x", "//evil.example",
        "https://app.example.com\\@evil.example/inbox", "http://app.example.com/inbox", APP + "ed", APP + "/../admin",
        "https://app.example.com:444/inbox", APP + "/" + "a" * 3000, "", "https://[", "https://app.example.com.evil/inbox",
        "HTTPS://APP.EXAMPLE.COM.EVIL/inbox", "https://app.example.com/inbox/\N{FULLWIDTH SOLIDUS}x",
    ],
)  # fmt: skip
def test_leads_nowhere_else(url: str) -> None:
    """BI-27"""
    with pytest.raises(errors.Invalid):
        returns.checked(url, APP)


def test_leads_nowhere_while_the_app_has_no_address() -> None:
    with pytest.raises(errors.Invalid):
        returns.checked("https://app.example.com", "")
