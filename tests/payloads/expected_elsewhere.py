"""What the inbox shows of the samples of networks that are not Meta's or Telegram's."""

from tests.payloads.expected import Sample, account, comes, ignored, shows

MEMBER = "U206d25c2ea6bd87c17655609a1c37cb8"
LINE = {
    "chatwoot-file": comes(parts={"attachments.kind": ["file"], "attachments.name": ["contacts.csv"]}),
    "chatwoot-text-and-follow": comes("Hello, world"),
    "doc-verify-empty-events": ignored(""),
    "sdk-beacon": ignored(),
    "sdk-follow-unblocked": Sample(),
    "sdk-image-room-external": comes(parts={"attachments.kind": ["image"], "author.name": None}),
    "sdk-image-set-2-of-2": comes(parts={"attachments.kind": ["image"], "context.album.index": "2"}),
    "sdk-join-group": Sample(),
    "sdk-location": comes(parts={"attachments.kind": ["location"], "attachments.title": ["my location"]}),
    "sdk-member-joined": Sample(),
    "sdk-postback-datetime": comes("action=buyItem&itemId=123123&color=red", kind="postback"),
    "sdk-sticker-keywords-text": comes(kind="sticker"),
    "sdk-text-group-mention": comes("Hello, world", parts={"author.network_id": MEMBER}),
    "sdk-text-redelivery": comes("Hello, world"),
    "sdk-text": comes("Hello, world"),
    "sdk-undefined-event": ignored(),
    "sdk-unfollow": Sample(),
    "sdk-video": comes(kind="video"),
}  # fmt: skip
VIBER = {
    "bottender-contact-message": comes(parts={"attachments.kind": ["contact"], "attachments.title": ["Itamar"]}),
    "bottender-conversation-started": Sample(),
    "bottender-delivered": ignored(""),  # of a message that is not there
    "bottender-failed": ignored(""),
    "bottender-picture-message": comes("a message to the service", parts={"attachments.kind": ["image"]}),
    "bottender-subscribed": Sample(),
    "bottender-text-message": comes(
        "a message to the service", network_id="4912661846655238145", parts={"author.name": "John McClane"}
    ),
    "sdk-webhook-verify": ignored(),
}  # fmt: skip
THREADS = {
    "doc-delete": ignored(""),  # of a post that is not there
    "doc-mention": comes("@mybrand hi", surface="mention", parts={"author.name": "test_username"}),
    "doc-reply": comes("Reply", surface="comment", reply_to="567890", parts={"author.name": "test_username"}),
}  # fmt: skip
OURS = {"person": "tt-conv-1", "id": "ours", "text": "Ours", "at": 1699999990000}
TIKTOK = {
    "chatwoot-dm-share-post": comes(kind="share", parts={"attachments.url": ["https://www.tiktok.com/embed/123"]}),
    "chatwoot-dm-text": comes("Hello from TikTok", network_id="tt-msg-1"),
    "chatwoot-mark-read": shows(("dm_sent", OURS), text="Ours", status="read"),
    "schema-authorization-removed": account("expired"),
}  # fmt: skip
POST = {"id": "1045405559317569537", "text": "Ours", "at": 1432228150000}
X = {
    "aaa-direct-message": comes("Hello World!", parts={"author.name": "Jordan Brinks"}),
    "aaa-dm-indicate-typing": ignored(),
    "aaa-tweet-delete": shows(("own_post", POST), text="", deleted=True, direction="out"),
    "aaa-user-event-revoke": account("expired"),
    "xaa-chat-received": comes(kind="unsupported"),
    "xaa-dm-sent": shows(text="Thanks for the update!", direction="out"),
    "xaa-follow-follow": ignored(),
    "xaa-like-create": ignored(),
    "xaa-post-create": shows(text="Hello from the Activity API", direction="out"),
    "xaa-post-mention-create": comes("hey @ExampleUser", surface="mention", parts={"author.name": "OtherUser"}),
    "xaa-post-repost-create": ignored(),
}  # fmt: skip
SAMPLES = {
    f"{network}/{name}.json": sample
    for network, samples in (("line", LINE), ("viber", VIBER), ("threads", THREADS), ("tiktok", TIKTOK), ("x", X))
    for name, sample in samples.items()
}
