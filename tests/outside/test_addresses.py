"""Whatever a stranger names, nothing inside is called, and nothing that could be read in two ways."""

import pytest

from chalicelib.outside import addresses
from chalicelib.outside.addresses import Refused

BAD = {
    "OU-02 schemes": "ftp://a.example/ file:///etc/passwd gopher://a.example data:text/plain,x javascript:alert(1) "
    "ws://a.example unix:/run/x http://a.example/ //a.example/ https:///x https: x",
    "OU-04 userinfo": "https://user:pw@a.example https://good.example@evil.example https://good%40evil.example "
    "https://good.example\\@evil.example https://@a.example",
    "OU-06 fragment": "https://a.example/#x https://a.example/x#",
    "OU-07 ports": "https://a.example:22 https://a.example:25 https://a.example:6379 https://a.example:0 "
    "https://a.example:65536 https://a.example: https://a.example:-1 https://a.example:x https://a.example:80",
    "OU-08 this machine": "https://localhost https://LOCALHOST https://localhost. https://foo.localhost "
    "https://db.internal https://printer.local https://intranet",
    "OU-10 numbers": "https://0x7f.1 https://2130706433 https://0177.0.0.1 https://127.1 https://0x7f000001 "
    "https://a.example.127 https://1.2.3.0x4",
    "OU-11 private": "https://10.0.0.1 https://172.16.0.1 https://172.31.255.255 https://192.168.0.1",
    "OU-13 link-local": "https://169.254.169.254 https://169.254.170.2 https://169.254.0.1",
    "OU-14 loopback of IPv6": "https://[::1] https://[::] https://[::127.0.0.1]",
    "OU-15 mapped": "https://[::ffff:127.0.0.1] https://[::ffff:a9fe:a9fe]",
    "OU-16 translated": "https://[64:ff9b::a9fe:a9fe] https://[64:ff9b:1::1]",
    "OU-17 tunnelled": "https://[2002:7f00:1::] https://[2001::1]",
    "OU-18 not public": "https://[fc00::1] https://[fd00:ec2::254] https://[fe80::1%25eth0] https://[ff02::1] "
    "https://[100::1] https://[2001:db8::1] https://[3fff::1] https://[5f00::1]",
    "OU-24 our own": "https://x1.execute-api.eu-west-1.amazonaws.com/v1 https://x.lambda-url.eu-west-1.on.aws "
    "https://bucket.s3.amazonaws.com https://hooks.palabre.example/x https://app.palabre.example "
    "https://x.app.palabre.example https://desk.agency.example",
    "OU-25 look-alikes": "https://p\u0430ypal.example https://xn--pypal-4ve.example https://xn--a.example "
    "https://a\u200bb.example https://\uff11\uff12\uff17\u3002\uff10\u3002\uff10\u3002\uff11 https://\u2460.example "
    "https://\uff41.example https://xn--.example",
    "OU-26 names": f"https://a..example https://{'a' * 64}.example https://{'a.' * 124}example https://a_b.example "
    "https://-a.example https://a-.example https://.example https://a.example.. https://a%20b.example",
}  # fmt: skip
CASES = [
    pytest.param(url, id=f"{rule} {number}") for rule, urls in BAD.items() for number, url in enumerate(urls.split())
]
INSIDE = (
    "127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.170.2 0.0.0.0 "
    "100.64.0.1 192.88.99.1 192.31.196.1 192.52.193.1 192.175.48.1 198.18.0.1 203.0.113.1 224.0.0.1 240.0.0.1 "
    "255.255.255.255 ::1 :: ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:7f00:1 64:ff9b::a9fe:a9fe "
    "64:ff9b:1::1 2002:7f00:1:: 2001::1 2620:4f:8000::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 ff02::1 100::1 "
    "100:0:0:1::1 2001:db8::1 3fff::1 4000::1 5f00::1 8000::1 fec0::1"
).split()


@pytest.fixture(autouse=True)
def _ours(nowhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOKS_URL", "https://hooks.palabre.example/hooks")
    monkeypatch.setenv("APP_URL", "https://app.palabre.example")
    monkeypatch.setenv("ORIGINS", "https://desk.agency.example")
    monkeypatch.setenv("RECEIVER_HOSTS", "http://127.0.0.1:1")


@pytest.mark.parametrize("url", CASES)
def test_bad_address_is_no_receiver(url: str) -> None:
    with pytest.raises(Refused):
        addresses.receiver(url)


@pytest.mark.parametrize("url", ["https://a.example/\n", "https://a.exa\tmple", "https://a.example/\x00"])
def test_character_that_a_parser_leaves_out_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        addresses.receiver(url)


# OU-06
def test_address_has_2048_characters_at_most() -> None:
    longest = "https://a.example/" + "x" * (2048 - 18)
    assert addresses.receiver(longest).url == longest
    with pytest.raises(Refused):
        addresses.receiver(longest + "x")


@pytest.mark.parametrize(
    ("url", "known_as"),
    [
        ("https://A.Example", "https://a.example/"),
        ("https://a.example.:443/x", "https://a.example/x"),  # OU-26
        ("https://a.example:8443/x;y=1?z=é", "https://a.example:8443/x;y=1?z=%C3%A9"),  # OU-06, OU-07
        ("https://stra\u00dfe.example/", "https://xn--strae-oqa.example/"),
        ("https://\u4f8b\u3048.example/", "https://xn--r8jz45g.example/"),
        ("https://r3---sn-a.example/", "https://r3---sn-a.example/"),
        ("https://93.184.215.14/", "https://93.184.215.14/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:1/x"),  # said in the settings
    ],
)
def test_good_address_has_one_spelling(url: str, known_as: str) -> None:
    assert addresses.receiver(url).url == known_as


def test_file_may_lie_with_aws_where_no_receiver_may() -> None:
    assert addresses.file("https://bucket.s3.amazonaws.com/a.png#top").path == "/a.png"


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_told_in_any_disguise(address: str) -> None:
    assert addresses.is_inside(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4007::200e"])
def test_public_address_is_not_inside(address: str) -> None:
    assert not addresses.is_inside(address)
