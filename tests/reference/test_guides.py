"""Guides are pages, lead to each other, and their commands work; llms.txt knows all of it."""

import json
import re
import shutil
import subprocess
from functools import cache

import pytest

from chalicelib.reference.files import API
from local.reference import guides, llms, pages, served
from tests.support.stack import Stack, ask


@cache
def files() -> dict[str, str]:
    """All that is served."""
    return served.files()


def test_every_link_of_a_page_leads_to_a_page() -> None:
    texts = [text for name, text in files().items() if name.endswith(".html")]
    led = {place for text in texts for place in re.findall(rf'(?:href|src)="{re.escape(API)}/([^"#]*)', text)}
    served_under = {name.removesuffix("/index.html").removesuffix(".html") for name in files()}
    assert sorted(led - served_under - {"v1/openapi.json", "v1/problems"}) == []
    assert {"docs", "docs/guides/first-hour", "docs/problems"} <= led
    assert [text for text in texts if "%7B" in text] == []
    lost = [set(re.findall(r'href="#([^"]*)', text)) - set(re.findall(r' id="([^"]*)', text)) for text in texts]
    assert [names for names in lost if names] == []


def test_a_link_to_what_is_not_served_is_words() -> None:
    text = "See [signing in](signing-in.md#what), [the code](../chalicelib/a.py), [here](#x), [Y](https://y.example)."
    assert guides.linked(text) == (
        f"See [signing in]({API}/docs/guides/signing-in#what), the code, [here](#x), [Y](https://y.example)."
    )


def test_guides_say_what_they_are_about() -> None:
    abouts = {guide.name: guide.about for guide in guides.every()}
    assert abouts["first-hour"] == "From nothing to an answer that was sent, with `curl` and `jq`."
    assert [name for name, about in abouts.items() if not 20 < len(about) < 300] == []


def test_html_in_a_guide_is_shown_and_not_obeyed() -> None:
    assert pages.article("One <script>two</script>") == "<p>One &lt;script&gt;two&lt;/script&gt;</p>\n"


def test_llms_txt_names_every_guide_and_llms_full_has_everything() -> None:
    document = json.loads(served.DOCUMENT.read_text())
    short, full = (llms.files(document)[name] for name in ("llms.txt", "llms-full.txt"))
    assert short.startswith("# Palabre\n\n> ")
    assert all(f"({API}/docs/guides/{name})" in short for name in guides.NAMES)
    assert len(short) < 12_000
    operations = [f"## {verb.upper()} /v1{path}\n" for path, verbs in document["paths"].items() for verb in verbs]
    assert [operation for operation in operations if operation not in full] == []
    assert "`leased` (409)" in full


def test_everybody_reads_guides_and_llms_txt(stack: Stack) -> None:
    root = stack.api.removesuffix("/v1")
    guide = ask("GET", f"{root}/docs/guides/errors")
    assert (guide.status, guide.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert ask("GET", f"{root}/docs/guides").status == 200
    text = ask("GET", f"{root}/llms.txt")
    assert (text.status, text.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert f"{root}/v1/openapi.json" in text.raw.decode()
    assert ask("GET", f"{root}/llms-full.txt").status == 200


def said(stack: Stack, guide: str) -> str:
    """What the commands of a guide say; they must all work."""
    bash = shutil.which("bash")
    if not bash or not shutil.which("jq"):
        # A newcomer's machine need not have them; what checks every change installs them (.ci/run).
        pytest.skip("There is no bash or no jq here.")
    text = (guides.DOCS / f"{guide}.md").read_text()
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL))
    env = {"API": stack.api, "TOKEN": stack.ours.owner.token, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", commands], env=env, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_commands_of_the_first_hour_work(stack: Stack) -> None:
    heard = said(stack, "first-hour")
    assert "Are you open on Sundays?" in heard
    assert re.search(r"^(sent|delivered|read)$", heard, re.MULTILINE), heard
    assert "message.received" in heard
    assert '"code": "not_found"' in heard


def test_a_client_is_made_from_what_everybody_may_read(stack: Stack) -> None:
    assert re.search(r"^Palabre \S+: \d{3} addresses, \d{3} webhooks$", said(stack, "clients"), re.MULTILINE)


def test_ten_minutes_lead_from_the_first_line_to_a_live_rule(stack: Stack) -> None:
    heard = said(stack, "moderation")
    assert '{"state":"noted","words":"w4nkers","how":["leet"]}' in heard
    assert re.findall(r'"(hide|queue)"', heard)[:2] == ["hide", "queue"]
    assert '"hidden": true' in heard
    assert heard.index('"hidden": true') < heard.index('"undone"') < heard.index('"hidden": false')
    assert '"escalated"' in heard
