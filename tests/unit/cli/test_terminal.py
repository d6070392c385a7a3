"""``mlj`` in terminals and pipes of all kinds, as a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.testing.isolation import eventually
from tests.unit.cli.pseudo import Terminal

MLJ = [sys.executable, "-m", "ml_jupyter.cli.main"]


def submitted(experiment: Experiment, text: str) -> Any:
    Path("train.py").write_text(text, "utf-8")
    return experiment.submit(ScriptRunConfig(".", "train.py"))


@pytest.fixture
def named(experiment: Experiment) -> str:
    """A run whose name is no ASCII."""
    with experiment.start_logging(
        display_name="Läufer 走", outputs=False, snapshot_directory=None
    ) as run:
        pass
    return str(run.id)


def test_a_stream_shows_lines_as_they_come_and_ctrl_c_leaves_the_run(
    experiment: Experiment,
) -> None:
    run = submitted(
        experiment,
        "import pathlib, time\nprint('first ü', flush=True)\n"
        f"while not pathlib.Path({str(Path('go').absolute())!r}).exists(): time.sleep(0.02)\n"
        "print('second', flush=True)\ntime.sleep(600)",
    )
    with Terminal("job", "stream", "-n", run.id, "-w", "lab") as screen:
        screen.shows("first ü")
        assert "second" not in screen.text
        Path("go").touch()
        screen.shows("second")
        screen.type("\x03")
        assert screen.ends() == 130
        assert f"mlj job cancel -n {run.id}" in screen.text
        assert "Traceback" not in screen.text
    assert run.get_status() == "Running"
    with Terminal("logs", run.id, "-f", "--tail", "1", "-w", "lab") as screen:
        screen.shows("second")
        assert "first" not in screen.text
        run.cancel()
        assert screen.ends() == 1


def test_a_table_is_cut_to_eighty_columns_and_coloured(workspace: Workspace, named: str) -> None:
    with Terminal("job", "list", "-o", "table", "-w", "lab") as screen:
        assert screen.ends() == 0
        assert max(map(len, screen.text.splitlines())) <= 80
        assert b"\x1b[32mCompleted" in screen.data
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        with Terminal("job", "list", "-o", "table", "-w", "lab", **variables) as screen:
            assert screen.ends() == 0
            assert "Completed" in screen.text
            assert b"\x1b" not in screen.data
    with Terminal("job", "show", "-n", named, "-o", "jsonc", "-w", "lab", NO_COLOR="1") as screen:
        assert screen.ends() == 0
        assert b"\x1b" not in screen.data


def in_c_locale(*words: str) -> subprocess.CompletedProcess[bytes]:
    variables = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return subprocess.run(
        [*MLJ, *words, "-w", "lab"],
        env={**os.environ, **variables}, capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("form", ["json", "yaml", "table", "tsv"])
def test_a_c_locale_ends_no_command(workspace: Workspace, named: str, form: str) -> None:
    done = in_c_locale("job", "list", "-o", form)
    assert done.returncode == 0, done.stderr
    assert named.encode() in done.stdout
    if form != "table":  # nothing is lost in what programs read
        letter = "走".encode() if form == "tsv" else b"\\u8d70"
        assert letter in done.stdout.replace(b"8D70", b"8d70")


def test_a_c_locale_shows_a_screen_too(workspace: Workspace, named: str) -> None:
    variables = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    with Terminal("top", "-w", "lab", **variables) as screen:
        screen.shows("+ Completed")
        assert screen.data.isascii()
        screen.type("q")
        assert screen.ends() == 0


def test_utf_8_is_printed_as_it_is(workspace: Workspace, named: str) -> None:
    done = subprocess.run(
        [*MLJ, "job", "list", "-w", "lab"],
        env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert "Läufer 走".encode() in done.stdout


@pytest.mark.parametrize(
    "words",
    [("job", "list"), ("job", "list", "-o", "table"), ("run", "list", "-o", "yaml"), ("top",),
     ("logs",), ("--help",)],
)  # fmt: skip
def test_a_reader_that_leaves_is_no_error(
    experiment: Experiment, named: str, words: tuple[str, ...]
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        path = run._folder.layout.files / "user_logs" / "std_log.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a line\n" * 100_000, "utf-8")
    place = [] if words == ("--help",) else ["-w", "lab"]
    process = subprocess.Popen(
        [*MLJ, *words, *place], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # as head does after its last line
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said


@pytest.mark.parametrize("words", [("logs", "-f"), ("job", "stream", "-n")])
def test_a_reader_that_leaves_ends_who_follows(
    experiment: Experiment, words: tuple[str, ...]
) -> None:
    run = submitted(experiment, "while True: print('line', flush=True)")
    process = subprocess.Popen(
        [*MLJ, *words, run.id, "-w", "lab"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 1
    assert b"Traceback" not in said
    run.cancel()


def test_tensorboard_ends_with_its_terminal(experiment: Experiment) -> None:
    with experiment.start_logging(snapshot_directory=None) as run:
        run.log("loss", 1.0)
    with Terminal("tensorboard", run.id, "--no-browser", "-w", "lab") as screen:
        screen.shows("http://127.0.0.1:", timeout_s=60)
        children = _children(screen.process.pid)
        assert children
        os.kill(screen.process.pid, signal.SIGTERM)
        assert screen.ends() == 143
    eventually(lambda: not any(map(_lives, children)), 10, "TensorBoard ended")


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_completion_offers_commands_and_runs(workspace: Workspace, named: str) -> None:
    def offered(line: str) -> str:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
        done = subprocess.run(
            MLJ, env={**os.environ, **words, "_MLJ_COMPLETE": "bash_complete"},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return done.stdout

    assert "plain,tensorboard" in offered("mlj te")
    assert "plain,stream" in offered("mlj job st")
    assert "plain,lab" in offered("mlj job list -w l")
    assert f"plain,{named}" in offered("mlj job show -w lab -n ")
    script = subprocess.run(
        [*MLJ, "completion", "bash"], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "_MLJ_COMPLETE=bash_complete" in script
    check = subprocess.run(["bash", "-n"], input=script, text=True, timeout=60, check=False)
    assert check.returncode == 0
