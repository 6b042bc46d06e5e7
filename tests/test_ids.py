"""Ids and keys: what is computed is always the same, tells what it should, and no text can imitate a boundary."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib import ids
from chalicelib.store import keys, lookups

TEXTS = st.text(max_size=60)
PARTS = st.lists(TEXTS, min_size=1, max_size=4)
MOMENTS = st.integers(0, 10**13 - 1)  # until the year 2286: an activity has thirteen digits
CONVERSATIONS = st.builds(ids.conversation, TEXTS, TEXTS, TEXTS)


@given(PARTS, PARTS)
def test_digest_is_of_the_parts_and_not_of_their_joint(parts: list[str], other: list[str]) -> None:
    assert (ids.digest(*parts) == ids.digest(*other)) == (parts == other)


@given(st.text(alphabet="#|:/\0a", max_size=8), st.text(alphabet="#|:/\0a", max_size=8))
def test_separators_in_names_confuse_nothing(name: str, other: str) -> None:
    if name != other:
        assert ids.conversation("key", "chn_1", "dm", name) != ids.conversation("key", "chn_1", "dm", other)
        assert keys.identity("telegram", name) != keys.identity("telegram", other)
        assert keys.pointer(name) != keys.pointer(other)
    for key in (keys.identity("telegram", name), keys.pointer(name), keys.thread(name), keys.parked(name, other)):
        assert key.count("#") <= 2
        assert "\0" not in key


@given(CONVERSATIONS, MOMENTS, TEXTS)
def test_message_knows_its_conversation_and_place(conversation: str, at: int, name: str) -> None:
    id = ids.message(conversation, at, name)
    assert ids.is_id(id, "msg")
    assert ids.conversation_of(id) == conversation
    assert keys.message(id) == keys.MESSAGES + ids.order_key(id)
    assert keys.message(id) == keys.message(ids.message(conversation, at, name))


@given(CONVERSATIONS, MOMENTS, MOMENTS, TEXTS, TEXTS)
def test_messages_sort_by_when_they_were_said(conversation: str, moment: int, other: int, name: str, rest: str) -> None:
    first, second = (keys.message(ids.message(conversation, at, text)) for at, text in ((moment, name), (other, rest)))
    assert moment == other or (first < second) == (moment < other)


@given(MOMENTS, MOMENTS, CONVERSATIONS)
def test_activity_sorts_by_time(moment: int, other: int, conversation: str) -> None:
    before, after = keys.activity(moment, conversation), keys.activity(other, conversation)
    assert moment == other or (before < after) == (moment < other)


@given(CONVERSATIONS)
def test_reply_knows_its_conversation(conversation: str) -> None:
    assert ids.conversation_of(ids.inside(conversation, "rpl")) == conversation
    assert ids.inside(conversation, "rpl") != ids.inside(conversation, "rpl")


def test_canned_reply_knows_its_brand_and_sorts_with_it() -> None:
    brands = sorted(ids.new("brd") for _ in range(20))
    made = [ids.of_brand(brand, "can") for brand in brands]
    assert [ids.brand_of(id) for id in made] == brands
    assert made == sorted(made)


@given(st.one_of(TEXTS, st.none(), st.integers(), st.lists(TEXTS)))
def test_only_ids_are_ids(value: object) -> None:
    assert not ids.is_id(value, "msg") or (isinstance(value, str) and value.startswith("msg_"))


def test_new_ids_sort_by_when_they_were_made_and_secrets_repeat_never() -> None:
    made = [ids.new("brd") for _ in range(50)]
    assert len(set(made)) == 50
    assert [id[:14] for id in made] == sorted(id[:14] for id in made)
    assert ids.secret() != ids.secret()
    assert ids.secret().isascii()


@given(st.text(min_size=1, max_size=400))
def test_route_of_an_account_fits_a_key(account: str) -> None:
    assert len(lookups.route("telegram", account).encode("utf-8", "replace")) < 2048
