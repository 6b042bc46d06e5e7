"""How long a text is, as the network counts it."""

import pytest

from chalicelib.networks import contents
from tests.networks.folders import of

WEIGHTS = {
    "": 0, "Hello": 5, "Grüße, où ça ?": 14, "“quoted” – yes": 14, "谢谢": 4, "ありがとう": 10, "😂": 2, "👍🏽": 2,
    "👩‍👩‍👧": 2, "🇫🇷🇩🇪": 4, "❤️": 2, "see https://bella.example/a/very/long/address/of/a/page ok": 30,
}  # fmt: skip


@pytest.mark.parametrize(("text", "weight"), WEIGHTS.items(), ids=map(ascii, WEIGHTS))
def test_text_weighs_on_x_what_x_says(text: str, weight: int) -> None:
    counted = contents.length(of("x").capabilities, "comment", text)
    assert (counted.length, counted.most, counted.unit) == (weight, 280, "characters")
    assert contents.length(of("x").capabilities, "dm", text).length == len(text)


def test_text_is_counted_in_bytes_where_the_network_does() -> None:
    counted = contents.length(of("instagram").capabilities, "dm", "ça")
    assert (counted.length, counted.unit) == (3, "bytes")
