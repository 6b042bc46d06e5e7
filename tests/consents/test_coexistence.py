"""A number that goes on being used in the app brings its past, which WhatsApp posts once it is asked to."""

from chalicelib import clock
from tests.support import consenting
from tests.support.background import time_passes
from tests.support.stack import Stack, eventually, number


def test_past_of_a_number_in_the_app_is_asked_for_after_a_consent(stack: Stack) -> None:
    business = f"{number()}77"
    begun = consenting.begun(stack.ours, network="whatsapp")
    consenting.consented(stack, begun, business)
    [account] = [account["id"] for account in stack.ours.owner.get(f"/consents/{begun['id']}")["accounts"]]
    assert consenting.connected(stack.ours, begun["id"], account)[0]["channel"]
    time_passes(clock.MINUTE)

    def asked() -> list[str]:
        calls = stack.requests("whatsapp", f"{account}/smb_app_data")
        return [call["json"]["sync_type"] for call in calls if call["status"] == 200]

    assert eventually(lambda: types if len(types := asked()) == 2 else None) == ["smb_app_state_sync", "history"]
