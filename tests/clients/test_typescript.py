"""TypeScript that is shown or easily written compiles: that of guides, and deep types of the document."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from local import clients
from local.environment import ROOT
from tests.clients.test_journeys import TOOLS, lacking

_BLOCKS = re.MULTILINE | re.DOTALL
# What the text around an example says is there.
SAID = """
declare module "standardwebhooks" {
  export class Webhook { constructor(secret: string); verify(body: string, headers: Record<string, string>): unknown; }
}
declare const rawBody: string;
declare const headers: Record<string, string>;
"""
WRITTEN = """
import type { components } from "./schema.js";
type Schemas = components["schemas"];
export const view: Schemas["NewView"] = {
  name: "Mine",
  condition: { all: [{ field: "labels", has: "vip" }, { none: [{ field: "assignee", is: [null, "me"] }] }] },
};
export const template: Schemas["NewReply"] = {
  template: {
    name: "hello", language: "en",
    components: [{ type: "body", parameters: [{ type: "text", text: "Ana" }] }],
  },
};
export const shown = (one: Schemas["Conversation"]): string | undefined =>
  one.contact?.display_name ?? one.last_message?.attachment?.name ?? one.lease?.holder ?? one.origin?.url ?? undefined;
export const failed = (one: Schemas["Message"]): string => one.error?.code ?? "";
// @ts-expect-error: a name that there is not is found
export const misspelt = (one: Schemas["Conversation"]) => one.contact?.nmae;
"""


def examples() -> dict[str, str]:
    """The blocks of TypeScript in the guides, by the names of files."""
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", *(ROOT / "clients").glob("**/README.md")]
    own = [page for page in pages if "node_modules" not in page.parts]
    guides = [(page.stem, re.findall(r"^```(?:ts|typescript)\n(.*?)^```", page.read_text(), _BLOCKS)) for page in own]
    return {f"{name}-{number}.ts": block for name, blocks in guides for number, block in enumerate(blocks)}


def test_guides_show_typescript() -> None:
    assert {name.partition("-")[0] for name in examples()} >= {"live", "webhooks"}


@pytest.mark.slow
def test_typescript_of_guides_and_of_the_document_compiles(tmp_path: Path, missing: Mapping[str, str]) -> None:
    compiler = clients.PLACE / "node_modules" / "typescript" / "bin" / "tsc"
    if tool := lacking("typescript", missing):
        # Nothing else of `make test` wants Node, and a newcomer need not have it; `make check` has, and says if not.
        pytest.skip(f"TypeScript is not tried: {tool} is not here.")
    shutil.copy(clients.PLACE / "typescript" / "src" / "schema.ts", tmp_path / "schema.ts")
    for name, text in {**examples(), "written.ts": WRITTEN, "said.d.ts": SAID}.items():
        (tmp_path / name).write_text(text)
    options = json.loads((clients.PLACE / "typescript" / "tsconfig.json").read_text())["compilerOptions"]
    chosen = {"target": options["target"], "lib": options["lib"], "types": [], "strict": True, "noEmit": True}
    chosen |= {"module": "NodeNext", "skipLibCheck": True, "moduleDetection": "force"}
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": chosen, "include": ["."]}))
    done = subprocess.run(
        [TOOLS["typescript"], str(compiler)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
