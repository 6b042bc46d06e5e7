"""/v1/brands/{id}/model: what a model may read for a brand, and what it has read today."""

from chalicelib.api import schema
from chalicelib.api.http import SIGNED_IN, Call, Json, route
from chalicelib.brands import brands
from chalicelib.classifiers import choices, opinions

USAGE = schema.body(
    "ModelUsage",
    ("available", "units_per_day", "used_today"),
    available={"type": "boolean"},
    units_per_day={"type": "integer"},
    used_today={"type": "integer"},
)


@route("GET", "/brands/{id}/model", permission=SIGNED_IN, answer=USAGE)
def show_model_usage(call: Call) -> Json:
    """Shows whether rules can ask a model, how much it may read a day, and how much it has read today."""
    brand = brands.get(call.actor, call.path["id"])
    return {
        "available": choices.is_there(),
        "units_per_day": opinions.most_units(brand),
        "used_today": opinions.used_units(brand.pk, brand.id, call.now),
    }
