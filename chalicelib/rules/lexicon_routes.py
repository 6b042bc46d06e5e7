"""/v1/lexicon: the words that the detector knows by itself, so that people can see what is looked for in their name."""

from chalicelib.api import pages, schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.rules import presentation, schemas


@route("GET", "/lexicon", permission=SIGNED_IN, query=schemas.LEXICON, answer=schema.listing(schemas.LEXICON_ENTRY))
def list_lexicon(call: Call) -> Json:
    """Lists the words that the detector knows in a language, their categories and how sure it is of each."""
    language = call.query["language"]
    return pages.among(call, f"lexicon|{language}", presentation.lexicon(language, call.query.get("category")))
