"""A post that a network signed is believed, and by nobody who has another secret."""

from collections.abc import Callable
from functools import partial

import pytest

from chalicelib.networks.base import Secrets
from chalicelib.networks.tiktok import inbound as tiktok
from tests.networks.folders import of
from tests.payloads import samples

pytestmark = samples.needed
GIVEN = samples.signatures()
SIGNED_AT = 1790000000  # TikTok's signatures hold for minutes, and were made then; Unix seconds
SIGNED = [name for name in GIVEN["headers"] if not name.startswith("stripe/")]  # which is no network


@pytest.mark.parametrize("name", SIGNED)
def test_signature_of_a_sample_is_right_for_its_secret_only(name: str) -> None:
    key, raw = name.partition("/")[0], samples.raw(name)
    headers = {header.lower(): value for header, value in GIVEN["headers"][name].items()}
    secret = GIVEN["secrets"].get(key) or GIVEN["secrets"]["meta"]
    assert believed(key)(raw, headers, Secrets(signing=("another", secret)))
    assert not believed(key)(raw, headers, Secrets(signing=("another",)))
    assert not believed(key)(raw, {}, Secrets(signing=(secret,)))


def believed(key: str) -> Callable[..., bool]:
    return partial(tiktok.verify, now=SIGNED_AT) if key == "tiktok" else of(key).verify
