"""Who signs nothing proves itself by the secret in the hook's address."""

from chalicelib.networks.double import wire
from tests.support.stack import Stack, ask


def test_address_with_the_secret_opens_the_hook(stack: Stack) -> None:
    channel = stack.connect("trustpilot")
    raw = wire(channel.body("review", text="Fast", id="62cc01"))

    def posted(query: str) -> int:
        return ask("POST", f"{channel.hook}{query}", body=raw, headers={"Content-Type": "application/json"}).status

    assert [posted(query) for query in ("", "?secret=", "?secret=another", f"?other={channel.secret}")] == [401] * 4
    assert posted(f"?secret={channel.secret}") == 200
    assert channel.message("62cc01")["text"] == "Fast"
