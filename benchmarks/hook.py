"""WhatsApp's hook without a gateway: what Lambda hands the app for a post, and for what is then in the queue."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib import settings
from chalicelib.networks.whatsapp import double

Event = Mapping[str, Any]


class Hook:
    """The deployed stack's WhatsApp hook, as its network sees it."""

    def __init__(self, stack: Mapping[str, Any]) -> None:
        self.secret: str = stack["networks"]["whatsapp"]["app_secret"]
        self.channel = next(channel for channel in stack["channels"] if channel["network"] == "whatsapp")

    def body(self, **message: Any) -> bytes:
        """A text message's body, byte for byte."""
        payload = double.EVENTS["dm"](account=self.channel["account"], **message)
        return json.dumps(payload, separators=(",", ":")).encode()

    def event(self, raw: bytes) -> Event:
        """A signed body as API Gateway passes it on."""
        headers = {
            "Content-Type": "application/json", "User-Agent": "facebookexternalua", "Accept": "*/*",
            "Host": "api.example", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https",
            **double.sign(raw, self.secret),
        }  # fmt: skip
        return {
            "resource": "/hooks/{network}", "path": "/hooks/whatsapp", "httpMethod": "POST", "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None, "multiValueQueryStringParameters": None,
            "pathParameters": {"network": "whatsapp"}, "stageVariables": None,
            "requestContext": {
                "resourcePath": "/hooks/{network}", "httpMethod": "POST", "path": "/api/hooks/whatsapp",
                "stage": "api", "apiId": "local", "domainName": "api.example", "requestId": "bench",
                "identity": {"sourceIp": "192.0.2.1"},
            },
            "body": base64.b64encode(raw).decode(), "isBase64Encoded": True,
        }  # fmt: skip

    def post(self, app: Any, event: Event) -> None:
        """Hand it to the app, as Lambda does; what is not accepted ends the benchmark."""
        answer = app(event, None)
        if answer["statusCode"] != 200:
            raise SystemExit(f"A webhook was answered {answer['statusCode']}.")


class Queue:
    """The inbound queue, read as Lambda reads it."""

    def __init__(self) -> None:
        import boto3

        self._client, self.address = boto3.client("sqs"), settings.get().queues["inbound"]

    def take(self) -> list[Mapping[str, Any]]:
        """Up to ten deliveries, as records; none if none came within a second."""
        answer = self._client.receive_message(
            QueueUrl=self.address, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageSystemAttributeNames=["All"]
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
        self._client.delete_message_batch(QueueUrl=self.address, Entries=entries)
