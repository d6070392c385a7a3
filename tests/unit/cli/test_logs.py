"""``mlj logs``: the whole terminal, its end, one rank, and following to the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.cli.main import main


def logs(capfd: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    capfd.readouterr()
    assert main(["logs", *words, "-w", "lab"]) == status
    return capfd.readouterr().out


def submitted(experiment: Experiment, text: str) -> str:
    Path("train.py").write_text(text, "utf-8")
    run = experiment.submit(ScriptRunConfig(".", "train.py"))
    return str(run.id)


def test_a_log_is_followed_to_the_end(
    experiment: Experiment, capfd: pytest.CaptureFixture[str]
) -> None:
    run = submitted(experiment, "for i in range(200): print('line', i)")
    assert "line 199" in logs(capfd, run, "-f")
    whole = logs(capfd, "-n", run)
    assert whole.splitlines()[0] == "line 0"
    assert len(whole.splitlines()) == 200
    assert logs(capfd, "--tail", "3") == "line 197\nline 198\nline 199\n"
    assert logs(capfd, run, "--tail", "0") == ""
    assert logs(capfd, run, "--tail", "1000") == whole
    assert logs(capfd, run, "--rank", "0") == whole


def test_a_failed_run_fails_the_one_who_follows(
    experiment: Experiment, capfd: pytest.CaptureFixture[str]
) -> None:
    run = submitted(experiment, "print('on my way'); raise SystemExit(3)")
    assert "on my way" in logs(capfd, run, "--follow", status=1)
    assert "on my way" in logs(capfd, run)


def test_the_end_of_a_large_log_is_found_across_blocks(
    experiment: Experiment, capfd: pytest.CaptureFixture[str]
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        path = run._folder.layout.files / "user_logs" / "std_log.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{number:06d} " + "x" * (number % 300) for number in range(3000)]
        path.write_text("\n".join(lines), "utf-8")  # the last line has no end yet
    for count in (1, 2, 500, 2999, 3000):
        assert logs(capfd, run.id, "--tail", str(count)) == "\n".join(lines[-count:])


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["nothing"], 3, "There is no run 'nothing'"),
        ([], 3, "There is no run in the workspace 'lab' yet"),
        (["--rank", "x"], 2, "--rank"),
    ],
)
def test_what_is_wrong_is_said(
    workspace: Workspace,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    assert main(["logs", *words, "-w", "lab"]) == status
    assert message in capfd.readouterr().err


def test_a_run_without_a_terminal_says_so(
    experiment: Experiment, capfd: pytest.CaptureFixture[str]
) -> None:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        pass
    assert main(["logs", run.id, "-w", "lab"]) == 2
    assert "has no terminal" in capfd.readouterr().err
    assert main(["logs", run.id, "--rank", "7", "-w", "lab"]) == 2
    assert "no rank 7" in capfd.readouterr().err
