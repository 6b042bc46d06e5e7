"""The titles of problems in five languages, for people to read. Programs use the codes."""

from collections.abc import Mapping

from chalicelib import errors

ENGLISH = "en"
# By status, in each language. English stands at the errors.
TITLES: Mapping[str, Mapping[int, str]] = {
    "de": {
        400: "Die Anfrage ist nicht lesbar",
        401: "Melden Sie sich zuerst an",
        402: "Das Abonnement erlaubt das nicht",
        403: "Ihre Rolle erlaubt das nicht",
        404: "Hier ist nichts",
        405: "Diese Adresse kennt diese Methode nicht",
        409: "Das ist im jetzigen Zustand nicht möglich",
        410: "Das wird nicht mehr aufbewahrt",
        412: "Es hat sich geändert, seit Sie es gelesen haben",
        413: "Die Anfrage ist zu groß",
        415: "Dieser Inhaltstyp wird hier nicht angenommen",
        422: "Die Anfrage ist nicht gültig",
        429: "Zu viele Anfragen",
        500: "Etwas ist schiefgegangen",
        503: "Versuchen Sie es gleich noch einmal",
    },
    "es": {
        400: "No se puede leer la solicitud",
        401: "Inicie sesión primero",
        402: "La suscripción no permite esto",
        403: "Su rol no permite esto",
        404: "Aquí no hay nada",
        405: "Esta dirección no admite ese método",
        409: "Esto no es posible en el estado actual",
        410: "Ya no se conserva",
        412: "Ha cambiado desde que lo leyó",
        413: "La solicitud es demasiado grande",
        415: "Aquí no se admite este tipo de contenido",
        422: "La solicitud no es válida",
        429: "Demasiadas solicitudes",
        500: "Algo ha fallado",
        503: "Inténtelo de nuevo en un momento",
    },
    "fr": {
        400: "La requête est illisible",
        401: "Connectez-vous d’abord",
        402: "L’abonnement ne le permet pas",
        403: "Votre rôle ne le permet pas",
        404: "Il n’y a rien ici",
        405: "Cette adresse n’accepte pas cette méthode",
        409: "Ce n’est pas possible dans l’état actuel",
        410: "Ce n’est plus conservé",
        412: "Cela a changé depuis votre lecture",
        413: "La requête est trop grande",
        415: "Ce type de contenu n’est pas accepté ici",
        422: "La requête n’est pas valide",
        429: "Trop de requêtes",
        500: "Un problème est survenu",
        503: "Réessayez dans un instant",
    },
    "pt": {
        400: "O pedido não pode ser lido",
        401: "Inicie sessão primeiro",
        402: "A subscrição não o permite",
        403: "O seu papel não o permite",
        404: "Não há nada aqui",
        405: "Este endereço não aceita esse método",
        409: "Não é possível no estado atual",
        410: "Já não é conservado",
        412: "Mudou desde que o leu",
        413: "O pedido é demasiado grande",
        415: "Este tipo de conteúdo não é aceite aqui",
        422: "O pedido não é válido",
        429: "Demasiados pedidos",
        500: "Algo correu mal",
        503: "Tente de novo dentro de momentos",
    },
}
LANGUAGES = (ENGLISH, *sorted(TITLES))
_MOST_ASKED = 20


def language(accepted: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) prefers; English if it
    names none of them.
    """
    asked = (_preference(part) for part in accepted.split(",")[:_MOST_ASKED])
    wanted = [(quality, name) for quality, name in asked if quality > 0 and name in LANGUAGES]
    return max(wanted, key=lambda each: each[0], default=(1.0, ENGLISH))[1]


def _preference(part: str) -> tuple[float, str]:
    name, _, rest = part.strip().partition(";")
    value = rest.strip().removeprefix("q=")
    try:
        quality = float(value) if rest else 1.0
    except ValueError:
        quality = 0.0
    return quality, name.strip().partition("-")[0].lower()


def title(problem: errors.Problem, language: str) -> str:
    return TITLES.get(language, {}).get(problem.status, problem.title)
