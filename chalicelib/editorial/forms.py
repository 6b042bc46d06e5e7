"""Whether somebody is addressed familiarly or formally, by the words that only one of the two forms has."""

from collections.abc import Callable

from chalicelib.words.foldings import Folding
from chalicelib.words.readings import Reading

# By language: each form by its usual name, and the words that show it. A word with a capital counts only as written.
FORMS = {
    "fr": {"tu": "tu te toi ta tes", "vous": "vous votre vos"},
    "de": {"du": "du dich dir dein deine deinen deiner", "Sie": "Sie Ihnen Ihr Ihre Ihren Ihrer"},
    "es": {"tú": "tu te ti tus contigo", "usted": "usted ustedes"},
    "pt": {"tu": "tu te ti teu tua teus tuas contigo", "você": "voce voces"},
}


def other_forms(language: str, wanted: str) -> Callable[[Folding, Reading], bool]:
    """A function that says whether a word is of another form than the wanted one. If that is unknown, no word is."""
    forms = FORMS.get(language, {})
    known = {form.casefold() for form in forms}
    wrong = {
        word
        for form, words in forms.items()
        if wanted.casefold() in known and form.casefold() != wanted.casefold()
        for word in words.split()
    }

    def is_wrong(folding: Folding, reading: Reading) -> bool:
        start, end = folding.span(reading.start, reading.end)
        written = folding.written[start:end]
        sentence = start == 0 or folding.written[:start].rstrip(" \"'").endswith((".", "!", "?", "\n", ":"))
        if written[:1].isupper() and written in wrong:
            return not sentence
        return reading.words[0] in wrong

    return is_wrong
