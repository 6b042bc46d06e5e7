"""`make replay`: what lies in the dead-letter queues goes back where it came from, to be tried again."""

import sys
from typing import Any

from local import infra
from local.policies import resource
from local.stage import LOCAL, stage_named


def main(stage_name: str) -> None:
    """Redrive all queues of the stage; tells how much went back."""
    stage = stage_named(stage_name)
    sqs, outputs = stage.client("sqs"), stage.outputs()
    for name in infra.table()["queues"]:
        count = redrive(sqs, outputs[resource(name, dead=True)], outputs[resource(name)])
        print(f"  {name:<10} {count} message{'' if count == 1 else 's'} put back")


def redrive(sqs: Any, dead: str, queue: str) -> int:
    """Move all that is in one queue to the other; a message is taken away only once it is safe in the other."""
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
    """A FIFO queue keeps the group; the id is the message's own, as its first one may still be remembered."""
    group = message.get("Attributes", {}).get("MessageGroupId")
    return {"MessageGroupId": group, "MessageDeduplicationId": message["MessageId"]} if group else {}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else LOCAL)
