"""From facts to the lines of a screen; every line fits the width, and all of them the height."""

from __future__ import annotations

import time
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ml_jupyter import _words
from ml_jupyter.cli.top.look import GpuLine, Line, Look

_SIGNS = {
    "Running": ("●", "*", "blue"), "Finalizing": ("●", "*", "blue"), "Starting": ("●", "*", "blue"),
    "Preparing": ("◐", "~", "cyan"), "Provisioning": ("◐", "~", "cyan"),
    "Queued": ("○", "o", "cyan"), "NotStarted": ("○", "o", "cyan"),
    "CancelRequested": ("◌", "!", "yellow"), "NotResponding": ("◌", "!", "yellow"),
    "Completed": ("✓", "+", "green"), "Failed": ("✗", "x", "red"), "Canceled": ("⊘", "-", "dim"),
}  # fmt: skip
_WIDE, _NARROW, _LOW = 100, 70, 12
_BAR = 10
_KEYS = "↑↓ choose   c cancel   o open its page   q quit"


class View:
    """Draws for one terminal.

    Parameters
    ----------
    colours : bool
        Whether it shows colours.
    is_unicode : bool
        Whether it shows letters beyond ASCII; other signs are used if not.
    """

    def __init__(self, *, colours: bool, is_unicode: bool) -> None:
        self._colours, self._is_unicode = colours, is_unicode

    def lines(
        self, look: Look, width: int, height: int, chosen: str | None, footer: str | None = None
    ) -> list[str]:
        """``height`` lines, the chosen run marked and in sight, the keys at the bottom."""
        parts: list[Text | Table] = [self._head(look)]
        if height >= _LOW:
            parts.append(self._machine(look))
            parts += [self._gpu(gpu, width) for gpu in look.gpus[: height // 4]]
        top = [*self._drawn(width, *parts), *[""][: int(height >= _LOW)]]
        room = max(2, height - len(top) - 3)
        body = self._drawn(width, self._runs(_in_sight(look.runs, chosen, room - 1), chosen, width))
        body = body if look.runs else ["No run yet: mlj job create -f job.yml"]
        shown = [*top, *body][: height - 3]
        said = footer if footer is not None else _KEYS
        end = self._drawn(
            width, self._about(look, chosen), Text(self._plain(said), "bold" if footer else "dim")
        )
        return [*shown, *[""] * (height - 2 - len(shown)), *end]

    def _about(self, look: Look, chosen: str | None) -> Text:
        """The chosen run in full: what its row has no room for."""
        run = next((item for item in look.runs if item.id == chosen), None)
        if run is None:
            return Text(" ")
        why = f": {run.said}" if run.said else ""
        return Text(self._plain(f"{run.experiment} / {run.id}{why}"))

    def whole(self, look: Look, width: int) -> str:
        """Everything, for a printer, a file or a pipe."""
        parts: list[Text | Table] = [self._head(look), self._machine(look)]
        parts += [self._gpu(gpu, width) for gpu in look.gpus]
        if look.runs:
            parts += [Text(""), self._runs(look.runs, None, width)]
        return "\n".join(line.rstrip() for line in self._drawn(width, *parts))

    def _head(self, look: Look) -> Text:
        waiting = sum(1 for run in look.runs if run.position)
        running = sum(1 for run in look.runs if run.status == "Running")
        clock = time.strftime("%H:%M:%S", time.localtime(look.time / 1e9))
        return Text.assemble(
            ("mlj top", "bold"), f"  {look.workspace}   {running} running, {waiting} waiting   ",
            (clock, "dim"),
        )  # fmt: skip

    def _machine(self, look: Look) -> Text:
        used, total = _words.size(look.memory_used), _words.size(look.memory_total)
        return Text(
            f"CPU {self._bar(look.cpu)} {look.cpu:3.0f} %   Memory {used} of {total}   "
            f"Slots {look.slots - look.slots_free} of {look.slots} taken"
        )

    def _gpu(self, gpu: GpuLine, width: int) -> Text:
        busy = "     " if gpu.busy is None else f"{gpu.busy:3.0f} %"
        heat = "" if gpu.celsius is None else f"   {gpu.celsius:.0f} °C"
        name = f" {gpu.name}" if width >= _WIDE else ""
        text = f"{gpu.label}{name} {self._bar(gpu.busy or 0)} {busy}   "
        text += f"{_words.size(gpu.used)} of {_words.size(gpu.total)}{heat}   "
        return Text.assemble(self._plain(text), (gpu.who or "free", "" if gpu.who else "dim"))

    def _runs(self, runs: tuple[Line, ...], chosen: str | None, width: int) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
        table.add_column("", width=1, no_wrap=True)
        table.add_column("RUN", ratio=3, no_wrap=True, overflow="ellipsis", min_width=12)
        table.add_column("STATE", no_wrap=True, width=17 if width >= _WIDE else 12)
        for name, size in (("TIME", 8), ("CPU", 6), ("MEMORY", 8)) if width >= _NARROW else ():
            table.add_column(name, no_wrap=True, justify="right", width=size)
        has_gpus = any(run.gpus for run in runs) and width >= _NARROW
        if has_gpus:
            table.add_column("GPU", no_wrap=True, max_width=7)
        if width >= _NARROW:
            table.add_column("", ratio=4, no_wrap=True, overflow="ellipsis")
        for run in runs:
            mark = ">" if run.id == chosen else ""
            cells = self._cells(run)
            if has_gpus:
                cells.append(Text(run.gpus))
            cells.append(Text(self._plain(run.said), style="dim"))
            fitting = cells if width >= _NARROW else cells[:2]
            table.add_row(mark, *fitting, style="reverse" if mark else "")
        return table

    def _cells(self, run: Line) -> list[Text]:
        sign, ascii_sign, colour = _SIGNS.get(run.status, ("?", "?", ""))
        state = f"{sign if self._is_unicode else ascii_sign} {run.status}"
        return [
            Text(self._plain(run.name)),
            Text(state, style=colour),
            Text("" if run.seconds is None else self._plain(_words.rounded(run.seconds))),
            Text("" if run.cpu is None else f"{run.cpu:.0f} %"),
            Text("" if run.memory is None else _words.size(run.memory)),
        ]

    def _bar(self, percent: float) -> str:
        full = round(min(100.0, max(0.0, percent)) / 100 * _BAR)
        if self._is_unicode:
            return "█" * full + "░" * (_BAR - full)
        return "[" + "#" * full + "." * (_BAR - full) + "]"

    def _plain(self, text: str) -> str:
        """One line without control letters; only ASCII where the terminal shows no more."""
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        if self._is_unicode:
            return text
        for letter, other in (("↑↓", "arrows"), ("°", " "), ("…", "...")):
            text = text.replace(letter, other)
        return text.encode("ascii", "replace").decode("ascii")

    def _drawn(self, width: int, *parts: Text | Table) -> list[str]:
        out = StringIO()
        console = Console(
            file=out, width=width, force_terminal=self._colours, no_color=not self._colours,
            highlight=False, emoji=False, legacy_windows=False,
            color_system="standard" if self._colours else None,
        )  # fmt: skip
        for part in parts:
            console.print(part, no_wrap=True, overflow="ellipsis", crop=True)
        lines = out.getvalue().splitlines()
        return lines if self._is_unicode else [line.replace("…", ".") for line in lines]


def _in_sight(runs: tuple[Line, ...], chosen: str | None, room: int) -> tuple[Line, ...]:
    """As many runs as there is room for, the chosen one among them."""
    at = next((index for index, run in enumerate(runs) if run.id == chosen), 0)
    first = min(max(0, at - room // 2), max(0, len(runs) - room))
    return runs[first : first + room]
