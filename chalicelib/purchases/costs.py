"""What an invoice of Stripe's comes to, in the currency's smallest unit."""

from collections.abc import Mapping
from typing import Any

from chalicelib.billing.snapshots import rows
from chalicelib.billing.values import mapping, text


def of(invoice: Mapping[str, Any]) -> dict[str, Any]:
    lines = rows(invoice.get("lines"))
    taxes = invoice.get("total_taxes")
    return {
        "currency": text(invoice.get("currency")),
        "lines": [{"description": text(row.get("description")), "amount": _amount(row.get("amount"))} for row in lines],
        "tax": sum(_amount(mapping(tax).get("amount")) for tax in taxes) if isinstance(taxes, list) else 0,
        "total": _amount(invoice.get("total")),
    }


def nothing(currency: str) -> dict[str, Any]:
    return {"currency": currency, "lines": [], "tax": 0, "total": 0}


def _amount(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
