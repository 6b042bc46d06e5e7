"""What the owner of a domain wrote is read, and a name server that fails is no answer."""

import pytest

from chalicelib.outside import names
from tests.support.name_server import serving


def test_record_is_read_whole_beside_others() -> None:
    with serving({"_palabre.a.example": ["v=spf1 -all", "palabre-|verification=x"]}) as zone:
        assert set(names.texts("_palabre.a.example", zone.address)) == {"v=spf1 -all", "palabre-verification=x"}
        assert names.texts("a.example", zone.address) == ()
        assert zone.asked == ["_palabre.a.example", "a.example"]


def test_name_server_that_fails_is_no_answer() -> None:
    with serving() as zone:
        zone.failing.add("b.example")
        with pytest.raises(names.Unanswered):
            names.texts("b.example", zone.address)


def test_name_server_that_is_silent_is_no_answer() -> None:
    with serving() as zone:
        silent = zone.address
    with pytest.raises(names.Unanswered):
        names.texts("c.example", silent, seconds=0.2)
