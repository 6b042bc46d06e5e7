"""Lines for tests: of no real message, with the form of one."""

from random import Random

from chalicelib import ids
from chalicelib.texts.lines import Line

START = 1_700_000_000_000
WORDS = [f"{first}{last}" for first in ("ba", "ko", "mi", "tu", "ze") for last in ("nor", "lit", "sak", "pem", "dov")]
BRANDS = ("brd_1", "brd_2", "brd_3")
AUTHORS = ("ctc_ana", "ctc_ben", "mbr_eva")


def line(at: int, text: str = "hello", *, version: int = 1, brand: str = "brd_1", author: str = "ctc_ana") -> Line:
    """The line of a message that was said `at` (ms after the start); the same moment is the same message."""
    key = f"{ids.moment(START + at)}{'0' * 10}{ids.digest(str(at))}{'c' * 20}"
    return Line(key, brand, "example", author, version, text)


def lines(number: int, chance: Random) -> list[Line]:
    """So many, newest first, with words of which some are rare."""
    made = [
        line(
            at * 1_000,
            " ".join(chance.choice(WORDS[: chance.randint(1, len(WORDS))]) for _ in range(chance.randint(0, 8))),
            brand=chance.choice(BRANDS), author=chance.choice(AUTHORS),
        )
        for at in range(number)
    ]  # fmt: skip
    return made[::-1]
