"""What a look at a text takes: five languages and 2,000 terms of a brand's own; plain, in disguise, and hostile."""

from functools import partial
from itertools import islice, product
from statistics import median

from benchmarks import figure
from benchmarks.figure import Figure
from benchmarks.lists import cpu_ms
from chalicelib.words import lexicons, looks
from chalicelib.words.terms import Term

ROUNDS, TERMS, LONG = 100, 2_000, 60_000
LOOK_MS, DISGUISED_MS, HOSTILE_MS, JOIN_MS, READ_MS = 1, 3, 60, 200, 20
PLAIN = (
    "J'ai reçu la crème hier, elle est très agréable à porter, merci à toute l'équipe pour la rapidité de l'envoi. "
    "Le flacon était un peu abîmé, est-ce que vous pourriez m'en renvoyer un ?"
)
DISGUISED = (
    "vous êtes des 4brut1s, b4nd3 d'id!ots, f*ck y0u, a b r u t i s, сrétіn, sh*t br4k3s @some_morons #BandeDeCretins "
    "𝐜𝐫𝐞𝐭𝐢𝐧 cr🌙tins crééééétin go t0 h3ll m0r0ns and w4nk3rs"
)
HOSTILE = ("a.", "c*", "a ", "va te ", "fuck ", "1l1 ", "@a", "www.")


def figures() -> list[Figure]:
    """From a process that has read nothing yet."""
    read = cpu_ms(lambda: [lexicons.source(language) for language in lexicons.LANGUAGES])
    joined = cpu_ms(lambda: lexicons.joined(lexicons.LANGUAGES, _terms()))
    lexicon = lexicons.joined(lexicons.LANGUAGES, _terms())

    def look(text: str) -> float:
        return median(cpu_ms(lambda: looks.look(text, lexicon)) for _ in range(ROUNDS))

    worst = max(cpu_ms(partial(looks.look, piece * (LONG // len(piece)), lexicon)) for piece in HOSTILE)
    return [
        figure.limit("CPU to read the lexicons of five languages, once a process", read, READ_MS, "ms"),
        figure.limit(f"CPU to join them with {TERMS:,} terms of a brand, once a process and line", joined, JOIN_MS,
                     "ms"),
        figure.limit(f"CPU to look at a text ({len(PLAIN)} characters, {TERMS:,} terms)", look(PLAIN), LOOK_MS, "ms"),
        figure.limit(f"CPU to look at one full of disguises ({len(DISGUISED)} characters)", look(DISGUISED),
                     DISGUISED_MS, "ms"),
        figure.limit(f"CPU to look at the worst of {LONG:,} characters", worst, HOSTILE_MS, "ms"),
    ]  # fmt: skip


def _terms() -> tuple[Term, ...]:
    words = ("".join(parts) for parts in product(("bro", "kli", "zu", "vem", "tra"), repeat=5))
    return tuple(Term(word, (word,), "insult", origin="trm_1") for word in islice(words, TERMS))
