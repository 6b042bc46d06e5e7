"""What is said becomes messages that stand where they belong."""

import pytest

from chalicelib.networks import base
from chalicelib.replies import compose
from chalicelib.store.models.inbox import Conversation
from chalicelib.store.models.replies import Reply

NOW = 1_790_000_000_000


@pytest.mark.parametrize("ahead", [-5_000, 0, 240_000])
def test_an_answer_comes_after_what_it_answers_whatever_the_networks_clock_says(ahead: int) -> None:
    conversation = Conversation("agc_1#cnv_1", "conversation", network="example", surface="dm", last_at=NOW + ahead)
    say = base.Say(thread="1", to="1", surface="dm", text="Yes")
    [message] = compose.as_messages(conversation, say, Reply("agc_1#cnv_1", "reply#1", id="rpl_1", author="mbr_1"), NOW)
    assert message.sent_at == max(NOW, NOW + ahead + 1)
