"""The kernel's side of the widget: answers from a closed list, streams pushed to their end."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.history import records
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.system_log import Channel, SystemLog
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.widgets.run_widget import RunWidget

LOG = "user_logs/std_log.txt"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folders = {name: tmp_path / name for name in ("home", "cache", "state", "runtime", "slot_dir")}
    return Settings.load({}, **folders)


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


@pytest.fixture
def run(workspace: WorkspaceFolder) -> RunFolder:
    made = workspace.create_run(
        workspace.create_experiment("e"), "r1", records.INTERACTIVE, "Running"
    )
    made.metric_log.log("loss", 1.0)
    (made.layout.files / "user_logs").mkdir(parents=True)
    (made.layout.files / LOG).write_bytes(b"first line\nsecond line\n")
    return made


class Tab:
    """What a browser does: asks, and keeps what it is sent."""

    def __init__(self, widget: RunWidget, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widget = widget
        self.heard: list[dict[str, Any]] = []
        monkeypatch.setattr(
            widget, "send", lambda message, buffers=None: self.heard.append(message)
        )

    def say(self, number: Any, verb: str, **args: Any) -> None:
        self.widget._handle_custom_msg({"id": number, "verb": verb, "args": args}, [])

    def ask(self, verb: str, **args: Any) -> dict[str, Any]:
        self.say(7, verb, **args)
        return self.heard.pop()

    def pushed(self, subscription: int) -> list[dict[str, Any]]:
        return [m["message"] for m in list(self.heard) if m.get("subscription") == subscription]

    def wait(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not happened():
            assert time.monotonic() < deadline, self.heard
            time.sleep(0.01)


@pytest.fixture
def tab(
    workspace: WorkspaceFolder, run: RunFolder, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tab]:
    widget = RunWidget(workspace, run.id, settings)
    yield Tab(widget, monkeypatch)
    widget.close()


def test_the_traits_hold_the_run(tab: Tab, workspace: WorkspaceFolder) -> None:
    assert (tab.widget.workspace_id, tab.widget.run_id) == (workspace.id, "r1")
    assert tab.widget.snapshot["run"]["status"] == "Running"


def test_each_verb_is_answered(tab: Tab) -> None:
    assert tab.ask("run")["answer"]["id"] == "r1"
    assert tab.ask("runs", status=["Running"])["answer"]["total"] == 1
    assert tab.ask("metrics", names=["loss"])["answer"][0]["values"] == [1.0]
    assert tab.ask("files")["answer"]["files"][0]["path"] == LOG
    log = tab.ask("log", path=LOG, offset=-12, length=6)["answer"]
    assert (log["offset"], log["end"], base64.b64decode(log["data"])) == (11, 23, b"second")


@pytest.mark.parametrize(
    ("verb", "args", "code"),
    [
        ("exec", {"code": "1"}, "invalid_argument"),
        ("run", {"run": "nothing"}, "run_not_found"),
        ("run", {"run": "../../x"}, "run_not_found"),
        ("log", {"path": "../run.json"}, "path_outside"),
        ("log", {"path": "/etc/passwd"}, "path_outside"),
        ("log", {"path": LOG, "offset": "x"}, "invalid_argument"),
        ("runs", {"sort": "colour"}, "invalid_argument"),
    ],
)
def test_bad_questions_get_an_error_and_nothing_else(
    tab: Tab, verb: str, args: dict[str, Any], code: str
) -> None:
    answer = tab.ask(verb, **args)
    assert (answer["id"], answer["error"]["code"]) == (7, code)


def test_what_is_no_question_is_passed_over(tab: Tab) -> None:
    for message in ("text", {"verb": "run"}, {"id": "1", "verb": "run"}, None):
        tab.widget._handle_custom_msg(message, [])
    assert tab.heard == []


def test_cancel_ends_an_interactive_run(tab: Tab, run: RunFolder) -> None:
    assert tab.ask("cancel")["answer"]["status"] == "Canceled"
    assert run.state().status == "Canceled"


def test_streams_push_what_is_new_until_the_run_ends(tab: Tab, run: RunFolder) -> None:
    tab.say(1, "subscribe", stream="run")
    tab.say(2, "subscribe", stream="metrics")
    tab.say(3, "subscribe", stream="log", path=LOG, offset=-100)
    tab.wait(lambda: all(tab.pushed(n) for n in (1, 2, 3)))
    with (run.layout.files / LOG).open("ab") as file:
        file.write(b"third\n")
    run.metric_log.log("loss", 0.5)
    run.set_status("Completed")
    tab.wait(lambda: bool(tab.pushed(3)) and tab.pushed(3)[-1]["final"])
    tab.wait(lambda: tab.pushed(1)[-1]["run"]["status"] == "Completed")
    tab.wait(lambda: tab.pushed(2)[-1]["series"][0]["count"] == 2)
    chunks = tab.pushed(3)
    data = b"".join(base64.b64decode(chunk["data"]) for chunk in chunks)
    assert data == b"first line\nsecond line\nthird\n"
    assert chunks[0]["offset"] == 0


def test_what_the_job_used_is_answered_and_pushed(tab: Tab, run: RunFolder) -> None:
    assert tab.ask("system")["answer"]["series"] == []
    log = SystemLog(run.layout)
    log.note(interval_s=5.0, gpus=[])
    begun = run.state().started or 0
    log.append(Channel("cpu", "%", "CPU", 1600.0), begun + 1, 50.0)
    log.append(Channel("cpu", "%", "CPU", 1600.0), begun + 2, 150.0)
    log.append(Channel("memory", "bytes", "Memory", 8e9), begun + 2, 1e9)
    log.close()
    (series,) = tab.ask("system", names=["cpu"], points=1)["answer"]["series"]
    assert (series["values"], series["peak"]) == ([50.0, 150.0], 150.0)
    tab.say(4, "subscribe", stream="system", run=run.id)
    tab.wait(lambda: len(tab.pushed(4)) == 1)
    assert tab.pushed(4)[0]["type"] == "system"
    assert [item["name"] for item in tab.pushed(4)[0]["series"]] == ["cpu", "memory"]
    assert tab.pushed(4)[0]["summary"]["cpu"] == {"mean": 100.0, "peak": 150.0}


def test_a_log_waits_for_its_reader(tab: Tab, run: RunFolder) -> None:
    (run.layout.files / LOG).write_bytes(b"x" * 3_000_000)
    run.set_status("Completed")
    tab.say(3, "subscribe", stream="log", path=LOG, offset=0)
    tab.wait(lambda: len(tab.pushed(3)) == 16)
    assert sum(len(base64.b64decode(m["data"])) for m in tab.pushed(3)) == 1024 * 1024
    for offset in (1_048_576, 2_097_152):
        tab.say(4, "ack", subscription=3, offset=offset)
    tab.wait(lambda: tab.pushed(3)[-1]["final"])
    assert sum(len(base64.b64decode(m["data"])) for m in tab.pushed(3)) == 3_000_000


def test_an_unknown_stream_and_an_unknown_run_end_the_subscription(tab: Tab) -> None:
    tab.say(1, "subscribe", stream="weather")
    tab.say(2, "subscribe", stream="run", run="nothing")
    tab.wait(lambda: bool(tab.pushed(1)) and bool(tab.pushed(2)))
    assert [tab.pushed(n)[0]["code"] for n in (1, 2)] == ["not_available", "run_not_found"]
