"""How many others wrote nearly the same within an hour. Texts that hint at promotion are counted by digests, which
expire.

A text counts in each of its bands (see `words/fingerprints`); each band holds the contacts who wrote it. Brands that
share these counts are also counted for the agency. That number is used only from three brands on, and never says which.
"""

from collections.abc import Collection

from chalicelib import clock, ids
from chalicelib.brands import brands, settings
from chalicelib.people import agencies
from chalicelib.store import keys, table
from chalicelib.store.models.moderation import SameWords
from chalicelib.words import fingerprints
from chalicelib.words.competitors import Same

SLOT, SLOTS = 30 * clock.MINUTE, 2
MOST_KEPT = 20  # names of one slot; more would not change a decision
FEWEST_BRANDS = 3


def count(agency: str, brand: str, contact: str, text: str, names: Collection[str], now: int) -> Same:
    """Counts that the contact wrote this, once however often it is called, and returns how many contacts did.

    `names` are left out of the text. A text of fewer than five words is never the same as another.
    """
    said = fingerprints.fingerprint(text, {word for name in names for word in name.split()})
    if said is None:
        return Same()
    key = agencies.id_key(agency)
    bands = [ids.keyed_digest(key, str(place), band) for place, band in enumerate(said.bands)]
    accounts = _count_in_bands(keys.within(agency, brand), bands, contact, now)
    among = 0
    if settings.of(brands.find(agency, brand).settings).share_counts:
        among = _count_in_bands(keys.within(agency, keys.SAME), bands, ids.keyed_digest(key, brand), now)
    minutes = SLOT * SLOTS // clock.MINUTE
    return Same(accounts, among if among >= FEWEST_BRANDS else 0, minutes)


def _count_in_bands(partition: str, bands: list[str], name: str, now: int) -> int:
    """Adds the name to each band, and returns the number of names in the band that has most."""
    slot = now // SLOT
    slots = range(slot - SLOTS + 1, slot + 1)
    places = [keys.same_words(band, each) for band in bands for each in slots]
    items = table.each(*((SameWords, partition, place) for place in places))
    known = [set(item.names or ()) if isinstance(item, SameWords) else set() for item in items]
    for place, names in list(zip(places, known, strict=True))[SLOTS - 1 :: SLOTS]:
        if name not in names and len(names) < MOST_KEPT:
            expires = SameWords.expires.set((slot + SLOTS + 1) * SLOT // clock.SECOND)
            table.update(SameWords(partition, place), [SameWords.names.add({name}), expires])
    together = [set().union(*known[at : at + SLOTS]) for at in range(0, len(known), SLOTS)]
    return max(len(names | {name}) for names in together)
