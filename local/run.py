"""`make run`: the whole product on this machine, in the foreground, until Ctrl-C."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

if sys.version_info[:2] < (3, 11):  # noqa: UP036 - whoever starts it by hand may have an older one
    sys.exit(f"Palabre runs on Python 3.11 or newer; this is {sys.version.split()[0]}. Use: make run")
try:
    from botocore.exceptions import BotoCoreError, ClientError

    from local import billing, environment, package, ports, seed, stage, week
    from local.cloud import ORIGINS, Platform
    from local.page import server
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed here. This installs what is missing, then starts: make run")

T = TypeVar("T")
TOOLS = ("ministack", "chalice")
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Starts, deploys, seeds, prints the addresses, then redeploys on every change of the source until Ctrl-C."""
    port = checked_port(os.environ.get("PALABRE_PORT") or "4566")
    origins = checked_origins(os.environ.get("ORIGINS") or ORIGINS)
    check_tools(Path(sys.executable).parent)
    platform = Platform(port, environment.ROOT / ".local" / "logs", billing=True, origins=origins)
    for ending in ENDINGS:  # SIGINT is ignored where a shell runs us with &
        signal.signal(ending, signal.default_int_handler)
    began = time.monotonic()
    try:
        known = package.fingerprint()
        step("Starting the emulator and the networks' double", platform.start)
        step("Packaging and deploying", platform.deploy)
        described = step("Making two agencies with a channel on every network", partial(platform.seed, burst=True))
        step("Making Stripe's double sell the plans", partial(billing.begin, platform))
        step("Buying a plan for the first agency", partial(billing.buy, described))
        step("Letting a week happen", partial(week.fill, described))
        server.serve(server.Site(described["api"], platform.endpoint), urlsplit(platform.page).port or 80)
        publish(described)
        print_addresses(described, time.monotonic() - began)
        watch(platform, known)
    except KeyboardInterrupt:
        pass
    finally:
        for ending in ENDINGS:  # an impatient second Ctrl-C must not leave anything behind
            signal.signal(ending, signal.SIG_IGN)
        print("\nStopping ...", flush=True)
        withdraw(platform)
        platform.stop()


def checked_port(text: str, state: Path = stage.STATE) -> int:
    """A port that is free; SystemExit otherwise, also if `state` describes a stack that is running already."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"PALABRE_PORT is {text!r}, which is no port: a number from 1 to 65535.")
    port = int(text)
    if state.exists() and stage.answers(json.loads(state.read_text())):
        raise SystemExit("Palabre is already running from this folder: use it, or end it there with Ctrl-C.")
    if ports.in_use(port):
        raise SystemExit(f"Port {port} is in use. Take another: PALABRE_PORT={port + 1} make run")
    return port


def checked_origins(text: str) -> str:
    """The origins whose pages may call the API, first the one at which our page can be served;
    SystemExit if none can.
    """
    origins = text.split(",")
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
            raise SystemExit(f"ORIGINS has {origin!r}, which is no origin: http://localhost:3000,http://localhost:4200")
    here = [
        origin
        for origin in origins
        if (parts := urlsplit(origin)).hostname in ("localhost", "127.0.0.1") and not ports.in_use(parts.port or 80)
    ]
    if not here:
        raise SystemExit(f"The ports of {text} are in use, and one is needed for a page: ORIGINS=http://localhost:4200")
    return ",".join([here[0], *(origin for origin in origins if origin != here[0])])


def check_tools(folder: Path) -> None:
    """SystemExit if a command that we start is not in the folder of Python."""
    for tool in TOOLS:
        if not (folder / tool).exists():
            raise SystemExit(f"{tool} is not installed in {folder}. Installed with the rest by: make run")


def step(title: str, work: Callable[[], T]) -> T:
    """Does the work, and prints what it is and how long it took."""
    print(f"  {title} ...", end="", flush=True)
    began = time.monotonic()
    result = work()
    print(f" {time.monotonic() - began:.1f} s", flush=True)
    return result


def publish(described: Mapping[str, Any]) -> None:
    """Writes the addresses: stack.json for programs, stack.env for shells; stack.json in one move, as others wait for
    it.
    """
    shell = {
        "API": described["api"], "HOOKS": described["hooks"], "SOCKETS": described["sockets"],
        "DOUBLE": described["double"], "BRAND": described["brand"], "TOKEN": described["tokens"]["owner"],
    }  # fmt: skip
    stage.STATE.with_suffix(".env").write_text("".join(f"{name}='{value}'\n" for name, value in shell.items()))
    fresh = stage.STATE.with_suffix(".new")
    fresh.write_text(json.dumps(described, indent=1))
    fresh.replace(stage.STATE)


def withdraw(platform: Platform) -> None:
    """Deletes what was published, unless another stack has replaced it."""
    if stage.STATE.exists() and json.loads(stage.STATE.read_text())["double"] == platform.double:
        stage.STATE.unlink()
        stage.STATE.with_suffix(".env").unlink(missing_ok=True)


def print_addresses(described: Mapping[str, Any], seconds: float) -> None:
    print(
        f"""
Palabre is up after {seconds:.0f} s. A change of the source is deployed as you save it. Ctrl-C ends it, and its data.

  Page      {described["page"]}  (sign in as owner@voltaire.example, {seed.PASSWORD}; mails: {described["page"]}/mails)
  Docs      {described["api"].removesuffix("/v1")}/docs  (sign in as on the page, or with a key)
  API       {described["api"]}  (for pages of {described["origins"].replace(",", ", ")}; others: ORIGINS=)
  Hooks     {described["hooks"]}/<network>
  Sockets   {described["sockets"]}  (with a ticket: POST /v1/socket-tickets)
  Networks  {described["double"]}  (their double: GET /events, GET /requests, POST /behaviours, POST /webhooks)
  Details   .local/stack.json: agencies, channels, secrets, a token per role
  Logs      .local/logs: a line for each request

In another terminal:  make demo
Or:  . .local/stack.env && curl -H "Authorization: Bearer $TOKEN" $API/conversations
""",
        flush=True,
    )


def watch(platform: Platform, known: str) -> None:
    """Redeploys whenever the source has changed; raises SystemExit if a server ends."""
    while True:
        time.sleep(1)
        platform.ensure_alive()
        try:
            present = package.fingerprint()
        except FileNotFoundError:  # an editor is putting a file in its place
            continue
        if present != known:
            known = present
            try:
                step("The source changed: redeploying", platform.deploy)
            except (SystemExit, BotoCoreError, ClientError) as failure:
                print(f" failed, the stack stays as it was:\n{failure}", flush=True)


if __name__ == "__main__":
    main()
