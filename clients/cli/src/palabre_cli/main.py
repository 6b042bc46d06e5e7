"""The commands, and the codes with which they end."""

import json
import sys
import webbrowser
from collections.abc import Sequence
from typing import Any

import click
import httpx
from palabre_client import Problem

from palabre_cli import doctor as doctors
from palabre_cli import listen as listening
from palabre_cli import login as logins
from palabre_cli import output, session
from palabre_cli.session import NotSignedIn, Session

WRONG, NOT_SIGNED_IN, REFUSED, NO_ANSWER = 1, 3, 4, 5
_HELP = """Palabre: the comments and messages of your brands, from the command line.

\b
Begin with one of these:
  palabre --api https://.../v1 login           sign in with your browser
  palabre --api https://.../v1 login --key     paste an API key instead
  palabre doctor                               see whether all is well

What is written is JSON; --output table is for people. In scripts, PALABRE_API, PALABRE_KEY and PALABRE_AGENCY stand
for the options and for signing in.

\b
It ends with
  0  done
  1  doctor found something wrong
  2  the command cannot be understood, or there are several choices (they are listed)
  3  nobody is signed in, or the key is not taken: palabre login
  4  refused: the code and what it is about are on standard error, as JSON
  5  no answer: the network, or Palabre is not available
"""
pass_session = click.make_pass_decorator(Session)


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option("--api", envvar="PALABRE_API", help="Where the API is, with /v1. Kept by login.")
@click.option("--key", envvar="PALABRE_KEY", help="An API key, instead of signing in. Better in the environment.")
@click.option("--agency", envvar="PALABRE_AGENCY", default="", help="Which agency, if you are in several.")
@click.option(
    "--output",
    "form",
    type=click.Choice(["json", "table"]),
    default="json",
    show_default=True,
    help="JSON for programs, a table for people.",
)
@click.pass_context
def palabre(context: click.Context, api: str | None, key: str | None, agency: str, form: str) -> None:
    address = (api or session.kept().get("address", "")).rstrip("/")
    if not address:
        raise click.UsageError("Say where the API is: --api https://.../v1, or PALABRE_API.")
    context.obj = Session(address, key or "", agency or session.kept().get("agency", ""))
    context.meta["form"] = form


def show(shown: Any, columns: Sequence[str] = ()) -> None:
    output.show(shown, click.get_current_context().meta["form"], columns)


@palabre.command()
@click.option("--key", "by_key", is_flag=True, help="Ask for an API key instead of opening a browser.")
@click.option("--port", default=3000, show_default=True, help="Where the browser comes back to, on this machine.")
@click.option("--no-browser", is_flag=True, help="Write the address instead of opening it.")
@pass_session
def login(given: Session, by_key: bool, port: int, no_browser: bool) -> None:
    """Sign in, and keep that for the commands to come.

    The browser comes back to http://localhost:PORT; that has to be one of the ORIGINS the stage was deployed for.
    Tokens and keys are kept in your configuration folder, in a file that only you can read.
    """
    if by_key:
        key = click.prompt("API key", hide_input=True, err=True)
        trial = Session(given.address, key, given.agency)
        trial.ask("GET", "/me")
        session.keep({"address": given.address, "key": key, "agency": given.agency})
    else:
        logins.by_browser(given.address, port, lambda url: _lead(url, silent=no_browser))
        trial = Session(given.address, agency=given.agency)
    show(trial.ask("GET", "/me") if by_key else list(trial.every("/me/agencies")))


def _lead(url: str, *, silent: bool) -> None:
    click.echo(f"Sign in here:\n{url}", err=True)
    if not silent:
        webbrowser.open(url)


@palabre.command()
def logout() -> None:
    """Forget the key or tokens on this machine."""
    session.forget()


@palabre.command()
@pass_session
def me(given: Session) -> None:
    """Say who calls, and what they may do."""
    show(given.ask("GET", "/me"))


@palabre.command()
@pass_session
def agencies(given: Session) -> None:
    """List the agencies you are in."""
    show(list(given.every("/me/agencies")))


@palabre.command()
@click.option("--brand", help="A brand's id or name; `all` for all of them.")
@click.option("--channel", help="Only this channel.")
@click.option("--status", help="open, pending, snoozed, resolved or all.  [default: open]")
@click.option("--assignee", help="me, none, or the id of a member or team.")
@click.option("--limit", default=25, show_default=True, help="How many at most.")
@pass_session
def inbox(given: Session, brand: str | None, limit: int, **wanted: str | None) -> None:
    """List conversations, newest first."""
    conversations = given.every("/conversations", brand=_brand(given, brand), limit=min(limit, 100), **wanted)
    rows = [row for row, _ in zip(conversations, range(limit), strict=False)]
    show(rows, ("id", "network", "surface", "status", "unread", "contact.display_name", "last_message.text"))


@palabre.group()
def conversation() -> None:
    """One conversation."""


@conversation.command("show")
@click.argument("id")
@click.option("--messages", default=20, show_default=True, help="How many of its last messages.")
@pass_session
def show_conversation(given: Session, id: str, messages: int) -> None:
    """Show it with its last messages and how it can be answered."""
    row = given.ask("GET", f"/conversations/{id}")
    said = given.ask("GET", f"/conversations/{id}/messages", limit=messages)["items"]
    sendability = given.ask("GET", f"/conversations/{id}/sendability")
    show({**row, "messages": said, "sendability": sendability})


@palabre.command()
@click.argument("conversation")
@click.argument("text")
@click.option("--private", is_flag=True, help="Only its reader sees it, where the network can.")
@click.option("--draft", is_flag=True, help="Keep it as a draft.")
@pass_session
def reply(given: Session, conversation: str, text: str, private: bool, draft: bool) -> None:
    """Answer a conversation: `palabre reply cnv_... "Thank you!"`. It is sent once, however often it is tried."""
    more = {name: True for name, is_so in (("private", private), ("draft", draft)) if is_so}
    show(given.ask("POST", f"/conversations/{conversation}/replies", {"text": text, **more}))


@palabre.command()
@pass_session
def doctor(given: Session) -> None:
    """Look at the key, rights, channels, quotas and webhooks, and say what to do about what is wrong."""
    lines = doctors.report(given)
    show(lines, ("ok", "what", "says", "do"))
    sys.exit(0 if all(line["ok"] for line in lines) else WRONG)


@palabre.command()
@click.option("--brand", help="A brand's id or name; `all` for all of them.")
@click.option("--type", "types", help="Types of events or their first parts, with commas: message,reply.sent")
@click.option("--after", default="now", show_default=True, help="A cursor to go on from.")
@click.option("--forward-to", "forward", help="An address of your own: http://localhost:3000/hook")
@click.option("--secret", help="What to sign with; a new one is made and written otherwise.")
@click.option("--count", default=0, help="End after so many events.")
@pass_session
def listen(given: Session, brand: str | None, types: str | None, after: str, forward: str | None, **more: Any) -> None:
    """Write what happens as it does, one line of JSON for each event, and forward it as webhooks come.

    Verify with the secret as you would that of an endpoint. What is missed between two sockets is read afterwards.
    """
    filters = {name: value for name, value in (("brand", _brand(given, brand)), ("type", types)) if value}
    forwarder = listening.Forwarder(forward, more["secret"] or listening.new_secret()) if forward else None
    if forwarder:
        click.echo(f"Signed with {forwarder.secret}", err=True)
    seen = 0

    def take(event: dict[str, Any]) -> None:
        nonlocal seen
        click.echo(json.dumps(event, ensure_ascii=False))
        sys.stdout.flush()
        if forwarder:
            status = forwarder.post(event)
            click.echo(f"{event['id']} {event['type']}: {status or 'no answer'}", err=True)
        seen += 1
        if seen == more["count"]:
            raise listening.Done

    try:
        listening.Listener(given, take, filters, after, lambda said: click.echo(said, err=True)).follow()
    except (listening.Done, KeyboardInterrupt):
        return


def _brand(given: Session, wanted: str | None) -> str | None:
    """The id of the brand that is meant. None for all; several and none said is an error that lists them."""
    if wanted == "all":
        return None
    brands = list(given.every("/brands", limit=100))
    fitting = [known for known in brands if wanted in (None, known["id"], known["name"])]
    if len(fitting) == 1:
        return str(fitting[0]["id"])
    choices = "\n".join(f"  {known['id']}  {known['name']}" for known in (fitting or brands))
    problem = "Which brand? --brand all, or one of" if fitting else "There is no such brand; there are"
    raise click.UsageError(f"{problem}:\n{choices}")


def main() -> None:
    """Runs a command; each way to fail has its code."""
    try:
        palabre()
    except NotSignedIn:
        click.echo("Nobody is signed in: palabre login.", err=True)
        sys.exit(NOT_SIGNED_IN)
    except Problem as problem:
        click.echo(json.dumps({"status": problem.status, **problem.details}, ensure_ascii=False), err=True)
        sys.exit({401: NOT_SIGNED_IN}.get(problem.status, NO_ANSWER if problem.status >= 500 else REFUSED))
    except httpx.HTTPError as failure:
        click.echo(f"No answer ({type(failure).__name__}).", err=True)
        sys.exit(NO_ANSWER)
