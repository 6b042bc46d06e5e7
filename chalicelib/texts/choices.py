"""Which index this stage has, by the setting SEARCH."""

from functools import cache

from chalicelib import settings
from chalicelib.texts.indexes import Index
from chalicelib.texts.segments import Segments


@cache
def index() -> Index:
    """The index of this stage. Settings that name none, or do not say where it is, are refused earlier."""
    current = settings.get()
    if current.search == settings.OPENSEARCH:
        from chalicelib.aws import domains
        from chalicelib.texts.opensearch import OpenSearch

        return OpenSearch(domains.opened(current.search_url, current.region), f"palabre-{current.stage}")
    return Segments()
