"""Reads an inbox page by page, answers a conversation, and says what became of it: `answer.py CONVERSATION TEXT`."""

import json
import os
import sys

from palabre_client import Problem, connect, each
from palabre_client.generated.api.conversations import draft_reply, list_conversations, show_conversation
from palabre_client.generated.api.replies import show_reply
from palabre_client.generated.models import NewReply

conversation, text = sys.argv[1:]
api = connect(os.environ["PALABRE_API"], os.environ["PALABRE_TOKEN"], patience=float(os.environ.get("PATIENCE", "30")))
channel = show_conversation.sync(conversation, client=api).channel
inbox = [listed.id for listed in each(list_conversations.sync, client=api, channel=[channel], limit=1)]
reply = draft_reply.sync(conversation, client=api, body=NewReply(text=text))
try:
    show_reply.sync("rpl_none", client=api)
except Problem as problem:
    code = problem.code
print(json.dumps({"inbox": inbox, "reply": reply.id, "text": show_reply.sync(reply.id, client=api).text, "code": code}))
