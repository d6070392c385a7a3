"""``mlj top`` on a real pseudo-terminal: what it shows, its keys, and all of its ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.cli.main import main
from ml_jupyter.cli.top.look import GpuLine, Line, Look
from ml_jupyter.cli.top.view import View
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import eventually
from tests.unit.cli.pseudo import ENTER, LEAVE, Terminal


def sleeper(experiment: Experiment, name: str) -> Any:
    Path("sleep.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(600)", "utf-8")
    run = experiment.submit(ScriptRunConfig(".", "sleep.py"))
    run.display_name = name
    return run


def test_runs_are_shown_chosen_and_canceled(experiment: Experiment, settings: Settings) -> None:
    runs = [sleeper(experiment, f"sleeper-{number}") for number in range(settings.slot_count + 1)]
    with Terminal("top", "-w", "lab", "--every", "0.2", columns=100) as screen:
        screen.shows("sleeper-0")
        screen.shows("Queued")
        screen.shows("2 running, 1 waiting")
        screen.shows("Waiting for 1 CPU")
        assert max(map(len, screen.rows.values())) <= 100
        assert set(screen.rows) == set(range(1, 25))
        assert "q quit" in screen.rows[24]
        screen.type("\x1b[B")  # down: to the second
        eventually(lambda: any(line.startswith(">") and "sleeper-1" in line
                               for line in _read(screen)), 10, "the second run chosen")  # fmt: skip
        screen.type("c")
        screen.shows("Cancel sleeper-1, with everything that it started? y/n")
        screen.type("n")
        screen.type("\x1b[Bc")
        screen.shows("Cancel sleeper-2")
        screen.type("y")
        eventually(lambda: runs[2].get_status() == "Canceled", 20, "the waiting run canceled")
        screen.shows("Canceled")
        screen.type("q")
        assert screen.ends() == 0
        assert screen.is_as_before
    assert runs[1].get_status() == "Running"


def _read(screen: Terminal) -> list[str]:
    screen._read(0.05)
    return list(screen.rows.values())


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_every_end_gives_the_terminal_back(
    workspace: Workspace, number: signal.Signals, status: int
) -> None:
    with Terminal("top", "-w", "lab") as screen:
        screen.shows("No run yet")
        os.kill(screen.process.pid, number)
        assert screen.ends() == status
        assert screen.is_as_before
        assert "Traceback" not in screen.text


def test_ctrl_c_and_ctrl_z_are_keys_of_the_terminal(workspace: Workspace) -> None:
    shell = ("bash", "-c", 'set -m; "$@"; echo is stopped; fg', "-")
    with Terminal("top", "-w", "lab", "--every", "0.2", before=shell) as screen:
        screen.shows("No run yet")
        screen.type("\x1a")
        screen.shows("is stopped")
        at = screen.data.index(b"is stopped")
        assert screen.data[:at].count(ENTER) == screen.data[:at].count(LEAVE) == 1
        eventually(lambda: _read(screen) and screen.data.count(ENTER) == 2, 10, "drawn again")
        screen.type("\x03")
        assert screen.ends() == 130
        assert screen.data.count(LEAVE) == 2


def test_what_stays_is_not_written_again(workspace: Workspace) -> None:
    with Terminal("top", "-w", "lab", "--every", "0.2") as screen:
        screen.shows("No run yet")
        screen.data = b""
        screen.shows(":")  # the clock goes on
        assert b"\x1b[2J" not in screen.data
        assert b"No run yet" not in screen.data


def test_without_a_terminal_it_is_printed_once(
    workspace: Workspace, experiment: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        run.log("loss", 0.25)
    assert main(["top", "-w", "lab"]) == 0
    told = capsys.readouterr().out
    assert "Completed" in told
    assert "loss 0.25" in told
    assert "\x1b" not in told


RUNS = tuple(
    Line(f"run-{at}", f"ein sehr langer Name für Lauf {at} " * 3, "digits", state, 4000.0 * at,
         250.0, 5e9, "0,1" if at == 0 else "", "loss 0.31 \x1b[31m\n° ↑", int(state == "Queued"))
    for at, state in enumerate(["Running", "NotResponding", "Queued", "Failed"] * 20)
)  # fmt: skip
LOOK = Look("lab", 1_700_000_000_000_000_000, 63.0, 12 << 30, 31 << 30, 8, 3,
            (GpuLine("GPU 0", "NVIDIA A100", 81.0, 31 << 30, 40 << 30, 62.0, "vit-412"),
             GpuLine("GPU 1", "NVIDIA A100", None, 0, 40 << 30, None, "")), RUNS)  # fmt: skip


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("height", [8, 24, 60])
@pytest.mark.parametrize("is_unicode", [True, False])
def test_lines_fit_every_screen(width: int, height: int, is_unicode: bool) -> None:
    view = View(colours=False, is_unicode=is_unicode)
    lines = view.lines(LOOK, width, height, "run-70")
    assert len(lines) == height
    assert max(map(len, lines)) <= width
    assert any(line.startswith(">") for line in lines)  # the chosen one is in sight
    assert all(letter.isprintable() for line in lines for letter in line)
    assert all(line.isascii() for line in lines) is not is_unicode


def test_colours_are_more_than_decoration() -> None:
    plain = View(colours=False, is_unicode=True).lines(LOOK, 80, 24, "run-0")
    assert any("● Running" in line for line in plain)  # shape and word, not colour alone
    assert any("✗ Failed" in line for line in plain)
    coloured = View(colours=True, is_unicode=True).lines(LOOK, 80, 24, "run-0")
    assert any("\x1b[" in line for line in coloured)
