"""`make replay`: puts the messages of the dead-letter queues back into their queues, to be tried again."""

import sys
from typing import Any

from local import infra
from local.policies import resource
from local.stage import LOCAL, stage_named


def main(stage_name: str) -> None:
    """For all queues of the stage; prints how many messages were put back."""
    stage = stage_named(stage_name)
    sqs, outputs = stage.client("sqs"), stage.outputs()
    for name in infra.table()["queues"]:
        count = redrive(sqs, outputs[resource(name, dead=True)], outputs[resource(name)])
        print(f"  {name:<10} {count} message{'' if count == 1 else 's'} put back")


def redrive(sqs: Any, dead: str, queue: str) -> int:
    """Moves all messages of one queue to the other; each is deleted only after it was sent to the other."""
    count = 0
    while True:
        answer = sqs.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageSystemAttributeNames=["MessageGroupId"]
        )
        messages = answer.get("Messages", [])
        if not messages:
            return count
        for message in messages:
            sqs.send_message(QueueUrl=queue, MessageBody=message["Body"], **_order(message))
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
            count += 1


def _order(message: Any) -> dict[str, str]:
    """A FIFO queue keeps the group. The deduplication id is the message's own id, because its first one may still be
    remembered.
    """
    group = message.get("Attributes", {}).get("MessageGroupId")
    return {"MessageGroupId": group, "MessageDeduplicationId": message["MessageId"]} if group else {}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else LOCAL)
