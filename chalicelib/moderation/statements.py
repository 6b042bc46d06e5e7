"""What the author of a message is told of a decision: act, facts, whether a machine did it, the clause, and redress."""

from collections.abc import Mapping
from typing import Any

from chalicelib.brands import brands
from chalicelib.editorial import contents, verdicts, versions
from chalicelib.editorial.lines import Clause, Line
from chalicelib.rules import policies
from chalicelib.store import keys, table
from chalicelib.store.models.inbox import Message
from chalicelib.store.models.moderation import Decision

Json = Mapping[str, Any]
_SAYS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "hide": "Ihre Nachricht wurde ausgeblendet.",
        "delete": "Ihre Nachricht wurde gelöscht.",
        "stays": "Ihre Nachricht ist weiterhin sichtbar.",
        "undone": "Die Entscheidung wurde zurückgenommen.",
        "found": "Gefunden wurde: {found}.",
        "nothing": "Ein Mensch hat den Inhalt beurteilt.",
        "rules": "Die Entscheidung wurde automatisch getroffen, nach den Regeln der Marke.",
        "person": "Ein Mensch hat entschieden.",
        "redress": "Sie können einmal widersprechen: Antworten Sie uns und nennen Sie den Grund. Jemand, der nicht "
        "daran beteiligt war, entscheidet neu.",
    },
    "en": {
        "hide": "Your message was hidden.",
        "delete": "Your message was deleted.",
        "stays": "Your message is still visible.",
        "undone": "The decision was taken back.",
        "found": "This was found: {found}.",
        "nothing": "A person judged the content.",
        "rules": "The decision was made automatically, by the brand's rules.",
        "person": "A person decided.",
        "redress": "You can object once: answer us and say why. Somebody who was not involved will decide again.",
    },
    "es": {
        "hide": "Su mensaje se ha ocultado.",
        "delete": "Su mensaje se ha eliminado.",
        "stays": "Su mensaje sigue visible.",
        "undone": "La decisión se ha revocado.",
        "found": "Se ha encontrado: {found}.",
        "nothing": "Una persona ha valorado el contenido.",
        "rules": "La decisión se tomó automáticamente, según las reglas de la marca.",
        "person": "La decisión la tomó una persona.",
        "redress": "Puede reclamar una vez: respóndanos y diga por qué. Decidirá de nuevo alguien que no participó.",
    },
    "fr": {
        "hide": "Votre message a été masqué.",
        "delete": "Votre message a été supprimé.",
        "stays": "Votre message reste visible.",
        "undone": "La décision a été annulée.",
        "found": "Il a été relevé : {found}.",
        "nothing": "Une personne a apprécié le contenu.",
        "rules": "La décision a été prise automatiquement, selon les règles de la marque.",
        "person": "Une personne a pris la décision.",
        "redress": "Vous pouvez contester une fois : répondez-nous et dites pourquoi. Une personne qui n'a pas pris "
        "part à la décision décidera à nouveau.",
    },
    "pt": {
        "hide": "A sua mensagem foi ocultada.",
        "delete": "A sua mensagem foi eliminada.",
        "stays": "A sua mensagem continua visível.",
        "undone": "A decisão foi anulada.",
        "found": "Foi encontrado: {found}.",
        "nothing": "Uma pessoa avaliou o conteúdo.",
        "rules": "A decisão foi tomada automaticamente, segundo as regras da marca.",
        "person": "Uma pessoa decidiu.",
        "redress": "Pode contestar uma vez: responda-nos e diga porquê. Alguém que não participou decidirá de novo.",
    },
}
LANGUAGES = tuple(_SAYS)


def of(agency: str, decision: Decision, language: str | None) -> Json:
    """The statement, in that language or else in the author's."""
    line = _line(agency, decision)
    message = None if language else table.get(Message, decision.pk, keys.message(decision.message))
    return statement_in(decision, line, language or language_for(message.text if message else "", line))


def language_for(text: str, line: Line) -> str:
    """The text's language, if that is certain and one of ours; else the line's, or English."""
    spoken = verdicts.language_of(text)
    return next((language for language in (spoken, line.language) if language in LANGUAGES), "en") or "en"


def statement_in(decision: Decision, line: Line, language: str) -> Json:
    """The statement; the clause is in the language of the line, and its text is told only if it is public."""
    says, done = _SAYS[language], [act["do"] for act in decision.acts if act["state"] in ("done", "undone")]
    texts = [span["text"] for finding in decision.findings for span in finding["spans"]]
    clause = line.clause(next((act["clause"] for act in decision.acts if act["clause"]), ""))
    quoted = ", ".join(f"“{text}”" for text in texts)
    is_automated = decision.by == "rules"
    return {
        "decision": decision.id,
        "language": language,
        "act": says["undone"] if decision.state == "undone" else says[_act(done)],
        "facts": says["found"].format(found=quoted) if texts else says["nothing"],
        "found": texts,
        "automated": is_automated,
        "decided": says["rules" if is_automated else "person"],
        "clause": _clause(clause) if clause else None,
        "redress": says["redress"],
    }


def _act(done: list[str]) -> str:
    return next((act for act in ("delete", "hide") if act in done), "stays")


def _clause(clause: Clause) -> Json:
    return {"id": clause.id, "title": clause.title, "text": clause.text if clause.public else ""}


def _line(agency: str, decision: Decision) -> Line:
    """The version that was in force; the draft if there was none."""
    if not decision.line:
        return policies.line_of(agency, decision.brand)
    return contents.line_of(versions.find(brands.find(agency, decision.brand), decision.line).content)
