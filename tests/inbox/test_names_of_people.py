"""The network is asked for the name of who is new, whoever of the two spoke first."""

import pytest

from chalicelib import networks
from tests.support.people import VOICES, Fan, who_can
from tests.support.stack import eventually

ASKED = {key: network for key in VOICES if (network := networks.get(key)) and network.profile}
IN_PRIVATE = [key for key in who_can("echo") if key in ASKED and "dm" in ASKED[key].capabilities.surfaces]


@pytest.mark.parametrize("fan", ASKED, indirect=True)
def test_who_writes_to_the_brand_is_called_by_their_name(fan: Fan) -> None:
    fan.says()
    assert eventually(lambda: fan.channel.conversation()["contact"]["name"])
    assert eventually(lambda: fan.channel.messages()[0]["author"]["name"])


@pytest.mark.parametrize("fan", IN_PRIVATE, indirect=True)
def test_whom_the_brand_writes_to_first_elsewhere_is_called_by_their_name(fan: Fan) -> None:
    fan.echoes("Are you still interested?")
    assert eventually(lambda: fan.channel.conversation()["contact"]["name"])
    [message] = fan.channel.messages()
    assert (message["direction"], message["author"]) == ("out", None)
