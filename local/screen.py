"""The demo's screen: the story line by line, and below it the present inbox."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

SHOWN, HEARD = 8, 4
NAMES = {"dm": "message", "comment": "comment", "mention": "mention", "review": "review"}


class Screen:
    """Lines stay; the inbox below them is drawn again whenever it is shown."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._live = Live(Text(""), console=self._console, refresh_per_second=10)
        self._bars = Table.grid()
        self._inbox: Table | Text = Text("")
        self._heard: deque[str] = deque(maxlen=HEARD)
        self._steps = 0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def step(self, text: str) -> None:
        """A step of the story: what happens, and what to look at."""
        self._steps += 1
        self._console.print()
        self._console.print(Padding(Text.assemble((f"{self._steps}  ", "bold cyan"), (text, "bold")), (0, 0, 0, 1)))

    def note(self, text: str) -> None:
        """The result of a step."""
        self._console.print(Padding(Text(text), (0, 0, 0, 4)))

    def end(self, text: str, *, well: bool) -> None:
        self._console.print(Padding(Text(text, style="bold green" if well else "bold red"), (0, 0, 1, 1)))

    def count(self, counts: Mapping[str, int], total: int) -> None:
        """Progress bars below the inbox; gone once all are complete."""
        self._bars = Table.grid(padding=(0, 1))
        for name, number in counts.items() if min(counts.values()) < total else ():
            self._bars.add_row(f"    {name}", ProgressBar(total, number, width=40), f"{number} of {total}")

    def show(self, conversations: Sequence[Mapping[str, Any]]) -> None:
        """The inbox: newest first, as the API gives it."""
        table = Table(box=SIMPLE_HEAD, title="The inbox", title_justify="left", expand=True, title_style="bold cyan")
        for name, ratio, least in (("network", 3, 9), ("what", 2, 7), ("who", 4, 9), ("last words", 11, 20)):
            table.add_column(name, ratio=ratio, min_width=least, no_wrap=True, overflow="ellipsis")
        table.add_column("unread", justify="right")
        for conversation in conversations[:SHOWN]:
            table.add_row(*map(Text, _row(conversation)), style="" if conversation["unread"] else "dim")
        self._inbox = table
        self._draw()

    def hear(self, text: str) -> None:
        """An event that the terminal got; the last ones are shown."""
        self._heard.append(text)
        self._draw()

    def _draw(self) -> None:
        lines = [Text(f"  {text}", style="green", no_wrap=True, overflow="ellipsis") for text in self._heard]
        self._live.update(Group(self._inbox, *lines, self._bars))


def _row(conversation: Mapping[str, Any]) -> tuple[str, ...]:
    last = conversation["last_message"]
    arrow = "→ " if last["direction"] == "out" else ""
    words = last["text"] or f"({last['kind']})"
    who = (conversation["contact"] or {}).get("name") or "somebody"
    unread = str(conversation["unread"] or "")
    return conversation["network"], NAMES[conversation["surface"]], who, f"{arrow}{words}", unread
