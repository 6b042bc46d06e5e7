"""The tenant: an agency, founded with its first owner."""

from chalicelib import ids
from chalicelib.store import table
from chalicelib.store.models import Agency, Brand
from chalicelib.tenancy import member


def found(name: str, subject: str, owner: str, email: str, now: int) -> Agency:
    """A new agency and its owner, who is signed in as `subject`."""
    agency = Agency(ids.new("agc"), "agency", name=name, created_at=now)
    agency.id = agency.pk
    table.put(agency, Agency.pk.does_not_exist())
    member.add(agency.id, subject, owner, email, [{"role": "owner", "brands": None}], now)
    return agency


def add_brand(agency: str, name: str, now: int) -> Brand:
    """A new brand of the agency."""
    id = ids.new("brd")
    brand = Brand(agency, f"brand#{id}", id=id, name=name, created_at=now)
    table.put(brand, Brand.pk.does_not_exist())
    return brand
