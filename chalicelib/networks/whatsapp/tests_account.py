"""The state of an account: what is a trouble, and what ends it."""

from typing import Any

import pytest

from chalicelib.networks import base
from chalicelib.networks.whatsapp import account
from chalicelib.networks.whatsapp.tests import only
from chalicelib.networks.whatsapp.tests_connect import WABA


def _news(field: str, **value: Any) -> Any:
    body = {"id": WABA, "time": 1764000000, "changes": [{"field": field, "value": value}]}
    return only({"object": "whatsapp_business_account", "entry": [body]})


BANNED = ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}})
LIMITED = ("phone_number_quality_update", {"event": "DOWNGRADE", "display_phone_number": "1555"})
REJECTED = ("message_template_status_update", {"event": "REJECTED", "message_template_id": 12})
RED = ("message_template_quality_update", {"new_quality_score": "RED", "message_template_id": 12})
UNNAMED = ("phone_number_name_update", {"decision": "REJECTED", "display_phone_number": "1555"})


# F22
@pytest.mark.parametrize(
    ("trouble", "field", "news", "is_end"),
    [
        (BANNED, "account_update", {"event": "AD_ACCOUNT_LINKED"}, False),
        (BANNED, "account_update", {"event": "PARTNER_ADDED"}, False),
        (BANNED, "account_update", {"event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"}, False),
        (BANNED, "account_update", {"event": "ACCOUNT_RECONNECTED"}, False),
        (BANNED, "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}, True),
        (("account_update", {"event": "ACCOUNT_RESTRICTION"}), "account_update", {"event": "ACCOUNT_UPDATE"}, False),
        (("account_update", {"event": "PARTNER_REMOVED"}), "account_update", {"event": "PARTNER_ADDED"}, True),
        (LIMITED, LIMITED[0], {"event": "THROUGHPUT_UPGRADE", "display_phone_number": "1555"}, False),
        (LIMITED, LIMITED[0], {"event": "UPGRADE", "display_phone_number": "15556"}, False),
        (LIMITED, LIMITED[0], {"event": "UPGRADE", "display_phone_number": "1555"}, True),
        (REJECTED, REJECTED[0], {"event": "APPROVED", "message_template_id": 123}, False),
        (REJECTED, REJECTED[0], {"event": "PENDING", "message_template_id": 12}, False),
        (REJECTED, RED[0], {"new_quality_score": "GREEN", "message_template_id": 12}, False),
        (REJECTED, REJECTED[0], {"event": "APPROVED", "message_template_id": 12}, True),
        (RED, RED[0], {"new_quality_score": "UNKNOWN", "message_template_id": 12}, False),
        (RED, RED[0], {"new_quality_score": "YELLOW", "message_template_id": 12}, True),
        (UNNAMED, UNNAMED[0], {"decision": "APPROVED", "display_phone_number": "1556"}, False),
        (UNNAMED, UNNAMED[0], {"decision": "DEFERRED", "display_phone_number": "1555"}, False),
        (UNNAMED, UNNAMED[0], {"decision": "APPROVED", "display_phone_number": "1555"}, True),
    ],
)
def test_only_the_end_of_a_trouble_clears_it(trouble: Any, field: str, news: Any, is_end: bool) -> None:
    began, event = _news(trouble[0], **trouble[1]), _news(field, **news)
    assert began.health in ("alert", "disconnected")
    is_good = isinstance(event, base.AccountEvent) and event.health == "ok"
    assert (is_good and began.name.startswith(event.name.partition(".")[0])) is is_end


# F22
def test_no_trouble_is_cleared_by_the_end_of_another() -> None:
    kinds = {
        f"{kind}[" if field.whose else kind for field in account.FIELDS.values() for kind, _ in field.news.values()
    }
    assert [(kind, other) for kind in kinds for other in kinds - {kind} if other.startswith(kind)] == []


# F22
@pytest.mark.parametrize(
    "state", [["DISABLE"], "DISABLE", ["SCHEDULE_FOR_DISABLE", "DISABLE", "REINSTATE"], [], None, {}]
)
def test_ban_is_in_force_unless_its_end_is_all_that_is_told(state: object) -> None:
    event = _news("account_update", event="DISABLED_UPDATE", ban_info={"waba_ban_state": state})
    assert (event.name, event.health) == ("account_ban.disabled_update", "disconnected")
