"""Where a text leads to, however the dot is written."""

import pytest

from chalicelib.words import links
from chalicelib.words.foldings import fold


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see shop.example.com/x?y=1 now", ["shop.example.com"]),
        ("https://is.gd/q7w", ["is.gd"]),
        ("pure-rive . fr", ["pure-rive.fr"]),
        ("nordlux punkt de", ["nordlux.de"]),
        ("nordlux dot com or nordlux point fr", ["nordlux.com", "nordlux.fr"]),
        ("ｎｏｒｄｌｕｘ．ｃｏｍ", ["nordlux.com"]),
        ("un point de vue", []),
        ("el punto es que", []),
        ("merci.beaucoup", []),
        ("fin. De rien", []),
        ("mail me at a@b.example.org", []),
    ],
)
def test_a_domain_is_what_somebody_could_follow(text: str, names: list[str]) -> None:
    assert [domain.name for domain in links.domains(fold(text))] == names


def test_what_leads_nobody_knows_where_is_known() -> None:
    assert [domain.is_short for domain in links.domains(fold("bit.ly/a and b.example"))] == [True, False]
