"""What the guide for pages tells is what is done."""

import json
import re

from chalicelib.sockets import frames
from local.environment import ROOT

GUIDE = (ROOT / "docs" / "live.md").read_text()


def test_frames_in_the_guide_are_taken() -> None:
    [block] = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert {frames.read(line).do for line in block.splitlines()} == set(frames.WORDS)


def test_example_says_only_what_is_taken() -> None:
    said = re.findall(r"JSON\.stringify\(({.*?})\)", GUIDE)
    assert {frames.read(json.dumps({"do": re.findall(r'"(\w+)"', text)[0]})).do for text in said} == {"ping", "listen"}


def test_every_kind_of_frame_that_is_sent_is_told_of() -> None:
    folder = ROOT / "chalicelib" / "sockets"
    sources = "".join((folder / f"{name}.py").read_text() for name in ("answers", "posts", "pushes"))
    sent = {*re.findall(r'(?:\bframe\(|_post\(socket, )"(\w+)"', sources), "typing", "viewing", "lease"}
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", GUIDE, re.MULTILINE)
    assert {name.strip("`") for names in rows for name in names.split(", ")} == sent | {"type"}
