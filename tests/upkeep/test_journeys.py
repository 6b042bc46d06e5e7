"""The deployed functions keep channels connected: what is due is done, and what is asked for comes in."""

import json
from typing import Any

from chalicelib import clock
from chalicelib.aws import queues
from chalicelib.channels import channels, lookouts
from chalicelib.store import fence, table
from chalicelib.store.models.channels import Upkeep
from chalicelib.transport import envelopes
from chalicelib.upkeep import looks, probes, renewals, upkeeps
from tests.support import audits, consenting
from tests.support.stack import Stack, eventually


def test_news_come_in_when_the_channels_minute_comes(stack: Stack) -> None:
    channel = stack.connect("mastodon")
    channel.tell_later("mention", text="Anybody at home?")
    for minute in range(2):
        queues.send(*looks.shards(minute))
    assert eventually(channel.messages)
    assert channel.agency.owner.post(f"/channels/{channel.id}/repair")["polling"]["every"] == 60
    stack.ours.owner.delete(f"/channels/{channel.id}")
    assert stack.ours.owner.call("GET", f"/channels/{channel.id}").status == 404


def test_review_of_which_google_gives_a_hint_is_there_without_waiting_for_the_next_look(stack: Stack) -> None:
    channel = stack.connect("google_business")
    channel.tell_later("review", text="Lovely place")
    pushed = json.dumps(channel.body("hint")).encode()
    queues.send(envelopes.task("google_business", "", pushed, clock.now(), group=channel.agency.id))
    assert eventually(channel.messages)[0]["text"] == "Lovely place"


def test_token_is_renewed_and_its_channel_looked_after_by_whoever_is_sent_for(stack: Stack) -> None:
    begun, shop = consenting.begun(stack.ours), consenting.shop()
    consenting.consented(stack, begun, shop)
    [made] = consenting.connected(stack.ours, begun["id"], shop)
    agency, id, past = stack.ours.id, made["channel"], clock.now() - clock.MINUTE
    with fence.within(agency):
        kept = upkeeps.of(agency, id)
        table.update(Upkeep(kept.pk, kept.sk), [Upkeep.renew_at.set(past)])
    queues.send(renewals.task(agency, id, past), probes.task(agency, id, past))
    health = eventually(lambda: (shown := stack.ours.owner.get(f"/channels/{id}/health"))["checked_at"] and shown)
    assert health["health"] == "ok"
    audited = eventually(lambda: audits.recent(stack.ours.owner, target=id, action="channel.renew"))
    assert audited[0]["performed_by"]["kind"] == "system"


def test_what_meta_did_not_post_is_asked_for_and_comes_once_if_it_is_posted_later(stack: Stack) -> None:
    channel, at = stack.connect("messenger"), clock.now() - clock.MINUTE
    said: dict[str, Any] = {
        "mid": f"m_{channel.account}",
        "text": "Anybody there?",
        "person": channel.account,
        "at": at,
    }
    channel.tell_later("dm", **said)
    with fence.within(channel.agency.id):
        known = channels.find(channel.agency.id, channel.id)
        assert known
        queues.send(lookouts.past_task(known, at - clock.MINUTE))
    assert channel.message(said["mid"])["sent_at"].endswith(".000Z")
    channel.tell("dm", **said)
    channel.deliveries = 2
    channel.settled()
    assert [message["text"] for message in channel.messages()] == ["Anybody there?"]
