"""A network's hook without a gateway: what Lambda hands the app for a post, and for what is then in the queue."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import settings
from local.double import doubles

Event = Mapping[str, Any]


class Hook:
    """A hook of the deployed stack, as its network sees it: one of Meta's, which all sign alike."""

    def __init__(self, stack: Mapping[str, Any], network: str = "whatsapp", event: str = "dm") -> None:
        self.network, self.double = network, doubles()[network]
        self.secret: str = stack["networks"][network]["app_secret"]
        self.channel = next(channel for channel in stack["channels"] if channel["network"] == network)
        self._made: Any = self.double.EVENTS[event]

    def body(self, **message: Any) -> bytes:
        """A message's body, byte for byte."""
        payload = self._made(account=self.channel["account"], **message)
        return json.dumps(payload, separators=(",", ":")).encode()

    def event(self, raw: bytes) -> Event:
        """A signed body as the networks' gateway passes it on."""
        path = f"/hooks/{self.network}"
        headers = {
            "content-type": "application/json", "user-agent": "facebookexternalua", "accept": "*/*",
            "host": "hooks.example", "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https",
            **{name.lower(): value for name, value in self.double.sign(raw, self.secret).items()},
        }  # fmt: skip
        http = {
            "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
            "userAgent": "facebookexternalua",
        }  # fmt: skip
        return {
            "version": "2.0", "routeKey": "POST /hooks/{network}", "rawPath": path, "rawQueryString": "",
            "headers": headers, "pathParameters": {"network": self.network},
            "requestContext": {"apiId": "local", "http": http, "requestId": "bench", "stage": "$default"},
            "body": raw.decode(), "isBase64Encoded": False,
        }  # fmt: skip

    def post(self, on_hook: Any, event: Event, due: float = 0) -> None:
        """Hand it to the function, as Lambda does, once it is `due`; what is not accepted ends the benchmark."""
        time.sleep(max(0.0, due - time.time()))  # the rate is the measure
        answer = on_hook(event, None)
        if answer["statusCode"] != 200:
            raise SystemExit(f"A webhook was answered {answer['statusCode']}.")


class Queue:
    """A queue, read as Lambda reads it."""

    def __init__(self, name: str = "inbound") -> None:
        import boto3

        self._client, self.address = boto3.client("sqs"), settings.get().queues[name]

    def take(self, wait: int = 1, most: int = 10) -> list[Mapping[str, Any]]:
        """Up to so many messages, as records; none if none came within `wait` seconds."""
        answer = self._client.receive_message(
            QueueUrl=self.address, MaxNumberOfMessages=most, WaitTimeSeconds=wait, MessageSystemAttributeNames=["All"]
        )
        return [
            {
                "messageId": message["MessageId"], "receiptHandle": message["ReceiptHandle"], "body": message["Body"],
                "attributes": message["Attributes"], "eventSource": "aws:sqs",
            }
            for message in answer.get("Messages", ())
        ]  # fmt: skip

    def drop(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Take them off the queue."""
        entries = [{"Id": str(n), "ReceiptHandle": message["receiptHandle"]} for n, message in enumerate(records)]
        if entries:
            self._client.delete_message_batch(QueueUrl=self.address, Entries=entries)
