"""Numbers and addresses with which strangers find or rob somebody: accounts, cards, identities, phones, mail."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from chalicelib.words.foldings import Folding

ACCOUNT = re.compile(r"(?<![^\W_])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![^\W_])")
NUMBER = re.compile(r"(?<![\w.,/-])\+?\(?\d(?:[ .()/-]{0,2}\d){7,18}(?![\w/]|[.,-]\d)")
IDENTITY = re.compile(r"(?<!\w)\d{8}-?[a-z](?!\w)")
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
DATE = re.compile(r"(?:19|20)\d\d[-./ ]?[01]\d[-./ ]?[0-3]\d|[0-3]\d[-./ ][01]\d[-./ ](?:19|20)\d\d")
GATE = re.compile(r"\d\D{0,3}\d|@")
# Visa, Mastercard, American Express, Diners, Discover: their beginnings and lengths.
CARD = re.compile(r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|6(?:011|5\d\d)\d{12}")
NEAR = 16  # characters
DNI = "TRWAGMYFPDXBNJZSQVHLCKE".lower()


@dataclass(frozen=True, slots=True)
class Datum:
    """The kind of datum, and its place in the folded text."""

    name: str
    start: int
    end: int
    severity: int
    certainty: str = "clear"


def data(folding: Folding, orders: Collection[int] = ()) -> Iterator[Datum]:
    """All personal data in the text. A number without a check digit counts only if it looks like a phone number.

    `orders` are the places where words such as `order` end: a number just after one is an order number.
    """
    if not GATE.search(folding.text):
        return
    for pattern, name, severity, check in PATTERNS:
        for hit in pattern.finditer(folding.text):
            if check(hit.group()):
                # An address is often an office's, and given to be written to: somebody looks.
                yield Datum(name, hit.start(), hit.end(), severity, "vague" if name == "mail" else "clear")
    for hit in NUMBER.finditer(folding.text):
        if kind := _number(hit.group(), any(0 <= hit.start() - order <= NEAR for order in orders)):
            yield Datum(kind, hit.start(), hit.end(), 2 if kind == "phone" else 3)


def is_account(text: str) -> bool:
    """True if the check digits of an IBAN are right."""
    plain = text.replace(" ", "")
    return len(plain) >= 15 and int("".join(str(int(digit, 36)) for digit in plain[4:] + plain[:4])) % 97 == 1


def is_card(digits: str) -> bool:
    """True of a payment card's number: its beginning, its length, and Luhn's sum."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return CARD.fullmatch(digits) is not None and sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def is_taxpayer(digits: str) -> bool:
    """True of a Brazilian CPF: eleven digits, the last two follow from the others."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    sums = (sum(int(digit) * (length + 1 - at) for at, digit in enumerate(digits[:length])) for length in (9, 10))
    return all(int(digits[9 + place]) == total * 10 % 11 % 10 for place, total in enumerate(sums))


def is_insured(digits: str) -> bool:
    """True of a French social security number: its key follows from the rest."""
    return len(digits) == 15 and digits[0] in "12" and (97 - int(digits[:13]) % 97) == int(digits[13:])


def is_identity(text: str) -> bool:
    """True of a Spanish DNI: its letter follows from its number."""
    return DNI[int(text[:8]) % 23] == text[-1]


def _number(written: str, ordered: bool) -> str | None:
    """The kind of number: `card`, `national_id`, `phone`, or None for a number that need not be hidden."""
    digits = re.sub(r"\D", "", written)
    checks = (("card", is_card), ("national_id", is_taxpayer), ("national_id", is_insured))
    for name, check in checks:
        if check(digits):
            return name
    if ordered or DATE.search(written) or len(digits) > 15:
        return None
    grouped = len(re.findall(r"\d[ .()/-]", written)) >= 2
    if written[0] == "+" or (len(digits) >= 9 and (written[0] in "0(" or (grouped and written[0] in "6789"))):
        return "phone"
    return None


def _is_mail(text: str) -> bool:
    return not text.startswith((".", "-"))


PATTERNS: tuple[tuple[re.Pattern[str], str, int, Callable[[str], bool]], ...] = (
    (ACCOUNT, "account", 3, is_account),
    (IDENTITY, "national_id", 3, is_identity),
    (MAIL, "mail", 2, _is_mail),
)
