"""Bodies as the networks really post them, and what the inbox shows of each.

A sample goes to a fresh channel, with the channel's account in place of its own and not another byte changed; what it
is about, if anything, is said first.
"""

import json
from pathlib import Path

import pytest

from chalicelib import networks
from tests.payloads import expected, expected_elsewhere, samples
from tests.payloads.expected import Sample
from tests.support.inside import fits
from tests.support.stack import Channel, Stack, eventually
from tests.support.turns import taken

pytestmark = samples.needed
SAMPLES = {**expected.SAMPLES, **expected_elsewhere.SAMPLES}
META = ("facebook", "messenger", "instagram", "whatsapp")
FILES = sorted(
    str(path.relative_to(samples.FOLDER))
    for network in (*META, "telegram", "linkedin", "trustpilot", "line", "viber", "threads", "tiktok", "x")
    for path in samples.FOLDER.glob(f"{network}/*.json")
)


def test_every_sample_has_its_expectation() -> None:
    assert sorted(SAMPLES) == FILES


@pytest.mark.parametrize("name", taken(FILES))
def test_sample_shows_what_it_should(stack: Stack, name: str) -> None:
    sample = SAMPLES[name]
    channel = stack.connect(Path(name).parent.name)
    raw, before = addressed(samples.raw(name), channel), len(channel.calls())
    for event, fields in sample.before:
        channel.tell(event, **fields)
        channel.settled()
    assert channel.post(raw).status == 200
    if sample.outcome:
        assert {entry["outcome"] for entry in channel.settled()} == {sample.outcome} | (
            {"applied"} if sample.before else set()
        )
    eventually(lambda: _shown(channel, sample, before))


def addressed(raw: bytes, channel: Channel) -> bytes:
    """The body with the channel's account in place of the sample's, if that names one."""
    body = json.loads(raw)
    if channel.network not in META:
        network = networks.get(channel.network)
        named = next((inbound.account for inbound in network.parse(body)), "") if network else ""
        return raw.replace(named.encode(), channel.account.encode()) if named else raw
    entry = body["entry"][0]
    if channel.network != "whatsapp":
        return raw if entry["id"] == "0" else raw.replace(entry["id"].encode(), channel.account.encode())
    number = entry["changes"][0]["value"].get("metadata", {}).get("phone_number_id")
    raw = raw.replace(f'"id":"{entry["id"]}"'.encode(), f'"id":"{channel.waba}"'.encode(), 1)
    raw = raw.replace(f'"waba_id":"{entry["id"]}"'.encode(), f'"waba_id":"{channel.waba}"'.encode())
    return raw.replace(f'"{number}"'.encode(), f'"{channel.account}"'.encode()) if number else raw


def _shown(channel: Channel, sample: Sample, before: int) -> bool:
    conversations, messages = channel.conversations(), channel.messages()
    assert len(messages) == len(sample.messages)
    for wanted in sample.messages:
        assert any(fits(message, wanted) for message in messages), (wanted, messages)
    for wanted in sample.conversations:
        assert any(fits(conversation, wanted) for conversation in conversations), (wanted, conversations)
    shown = channel.shown()
    assert fits(shown, sample.channel), shown
    assert [call["path"].rpartition("/")[2] for call in channel.calls()[before:]] == sample.calls
    return True
