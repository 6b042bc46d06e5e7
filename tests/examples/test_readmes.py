"""The commands by which an example's README has it run: what they ask of the API works, and the program gets it."""

import re
import shutil
import subprocess

import pytest

from local.environment import ROOT
from tests.support.stack import Stack, number

BEGINS = {
    "webhooks": (r"SECRETS=(\S+) python3", "whsec_"),
    "drafting_bot": (r"PALABRE_KEY=(\S+) CANNED_REPLY=\S+ python3", "pal_part_"),
}


@pytest.mark.parametrize("name", BEGINS)
def test_commands_of_a_readme_give_the_program_what_it_takes(name: str, stack: Stack) -> None:
    bash = shutil.which("bash")
    if not bash or not shutil.which("jq"):
        # A newcomer's machine need not have them; what checks every change installs them (.ci/run).
        pytest.skip("There is no bash or no jq here.")
    text = (ROOT / "examples" / name / "README.md").read_text()
    *setting_up, last = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).strip().split("\n")
    pattern, beginning = BEGINS[name]
    given = re.search(pattern, last)
    assert given
    commands = [line for line in setting_up if line != ". .local/stack.env"]
    own = number()  # an address, and a role's name, are there once
    script = "\n".join([*commands, f"echo {given[1]}"]).replace("/palabre", f"/{own}").replace("Drafting bot", own)
    env = {"API": stack.api, "TOKEN": stack.ours.owner.token, "BRAND": stack.brand().brand}
    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", script], env={**env, "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.startswith(beginning)
    for endpoint in stack.ours.owner.every("/webhook-endpoints"):
        if endpoint["url"].endswith(f"/{own}"):
            stack.ours.owner.delete(f"/webhook-endpoints/{endpoint['id']}")
