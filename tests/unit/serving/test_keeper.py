"""The model's own process: loaded, asked, crashed, restarted, given up; and what is told of it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.models.services import ServiceStore
from ml_jupyter.serving import keeper as keeping
from ml_jupyter.serving.description import swagger
from ml_jupyter.serving.keeper import Keeper, TimedOut, Unavailable
from ml_jupyter.serving.keys import Keys
from ml_jupyter.serving.worker_process import how

Told = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setenv("PYTHONPATH", str(Path(keeping.__file__).parents[2]))


def plan(tmp_path: Path, text: str, **values: Any) -> ServingPlan:
    (tmp_path / "score.py").write_text(text)
    return ServingPlan(
        "echo", (), entry_script=str(tmp_path / "score.py"), interpreter=sys.executable, **values
    )


def kept(made: ServingPlan, use: Callable[[Keeper], Awaitable[Any]]) -> tuple[Any, Told]:
    """What ``use`` gives while the process is kept, and what was noted."""
    told: Told = []

    async def run() -> Any:
        keeper = Keeper(made, "", {}, lambda state, message: told.append((state, message)))
        task = asyncio.ensure_future(keeper.keep())
        try:
            return await asyncio.wait_for(use(keeper), 30)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return asyncio.run(run()), told


async def healthy(keeper: Keeper, restarts: int = 1) -> None:
    while keeper.state != "Healthy" or keeper.restarts < restarts:
        await asyncio.sleep(0.01)


def test_it_answers_one_call_at_a_time(tmp_path: Path) -> None:
    text = (
        "import time\nbusy = False\n"
        "def run(data):\n    global busy\n    assert not busy\n    busy = True\n"
        "    time.sleep(0.02)\n    busy = False\n    return data\n"
    )

    async def use(keeper: Keeper) -> list[bytes]:
        await healthy(keeper)
        calls = [keeper.score(b"%d" % number, "application/json") for number in range(5)]
        return [answer.body for answer in await asyncio.gather(*calls)]

    answers, told = kept(plan(tmp_path, text), use)
    assert answers == [b'"%d"' % number for number in range(5)]
    assert told == [("Healthy", "The model answers.")]


def test_a_crash_is_told_to_the_caller_and_the_process_started_again(tmp_path: Path) -> None:
    text = "import os\ndef run(data):\n    return os.abort() if data == '1' else data\n"

    async def use(keeper: Keeper) -> tuple[str, bytes]:
        await healthy(keeper)
        with pytest.raises(Unavailable) as caught:
            await keeper.score(b"1", "application/json")
        await healthy(keeper, restarts=2)
        return str(caught.value), (await keeper.score(b"2", "application/json")).body

    (message, answer), told = kept(plan(tmp_path, text), use)
    assert "was ended by signal 6 (SIGABRT) during this call" in message
    assert answer == b'"2"'
    assert [state for state, _ in told] == ["Healthy", "Unhealthy", "Healthy"]
    assert "started again in 0.01 s" in told[1][1]


def test_pauses_grow(tmp_path: Path) -> None:
    text = (
        "import os, threading\nthreading.Timer(0.05, os._exit, [3]).start()\ndef run(data): ...\n"
    )

    async def use(keeper: Keeper) -> None:
        await healthy(keeper, restarts=4)

    _, told = kept(plan(tmp_path, text), use)
    pauses = [message.split(" in ")[1] for state, message in told if state == "Unhealthy"]
    assert pauses[:3] == ["0.01 s.", "0.02 s.", "0.04 s."]
    assert "ended with exit code 3" in told[1][1]


def test_a_model_that_takes_too_long_is_started_again(tmp_path: Path) -> None:
    text = (
        "import time\ndef run(data):\n    time.sleep(60 if data == '1' else 0)\n    return data\n"
    )

    async def use(keeper: Keeper) -> bytes:
        await healthy(keeper)
        with pytest.raises(TimedOut, match=r"longer than 1 s"):
            await keeper.score(b"1", "application/json")
        await healthy(keeper, restarts=2)
        return (await keeper.score(b"2", "application/json")).body

    assert kept(plan(tmp_path, text, timeout_s=1.0), use)[0] == b'"2"'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def run(data)\n", "SyntaxError"),
        ("import absent_package\n", "No module named 'absent_package'"),
        ("x = 1\n", "has no function run"),
        ("def run(data): ...\ndef init():\n    raise RuntimeError('no weights')\n", "no weights"),
    ],
)
def test_what_cannot_be_loaded_is_given_up_at_once(tmp_path: Path, text: str, said: str) -> None:
    made = plan(tmp_path, text)
    why = asyncio.run(asyncio.wait_for(Keeper(made, "", {}, lambda *_: None).keep(), 30))
    assert said in why


def test_a_process_that_dies_while_it_loads_is_given_up_after_three_tries(tmp_path: Path) -> None:
    made = plan(tmp_path, "import os\nos.kill(os.getpid(), 11)\n")
    told: Told = []
    keeper = Keeper(made, "", {}, lambda state, message: told.append((state, message)))
    why = asyncio.run(asyncio.wait_for(keeper.keep(), 30))
    assert "signal 11 (SIGSEGV) while the model was being loaded" in why
    assert [state for state, _ in told] == ["Transitioning"] * 2


def test_an_interpreter_that_is_not_there_is_said() -> None:
    made = ServingPlan("echo", (), entry_script="score.py", interpreter="/absent/python")
    why = asyncio.run(Keeper(made, "", {}, lambda *_: None).keep())
    assert why == "/absent/python cannot be started: No such file or directory."


def test_the_model_s_python_may_be_old(tmp_path: Path) -> None:
    kept_by_pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    old = next(iter(sorted(kept_by_pyenv.glob("3.8.*/bin/python3.8"))), None)
    if old is None:
        pytest.skip("no Python 3.8 on this machine")
    made = plan(tmp_path, "import sys\ndef run(data):\n    return list(sys.version_info[:2])\n")

    async def use(keeper: Keeper) -> bytes:
        await healthy(keeper)
        return (await keeper.score(b"1", "application/json")).body

    assert kept(replace(made, interpreter=str(old)), use)[0] == b"[3, 8]"


def test_too_many_callers_are_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_WAITING", 2)

    async def use(keeper: Keeper) -> list[Any]:
        await healthy(keeper)
        calls = [keeper.score(b"1", "application/json") for _ in range(3)]
        return await asyncio.gather(*calls, return_exceptions=True)

    answers, _ = kept(plan(tmp_path, "def run(data):\n    return data\n"), use)
    assert [type(answer).__name__ for answer in answers] == ["Answer", "Answer", "Unavailable"]


def test_keys_count_from_the_moment_that_they_are_changed(tmp_path: Path) -> None:
    from ml_jupyter.history.layout import WorkspaceLayout
    from ml_jupyter.models.services import ServiceRecord

    store = ServiceStore(WorkspaceLayout(tmp_path))
    store.save(ServiceRecord("1", "echo", 1, 1, (), {}, "run", "experiment"))
    keys, path = store.keys("echo"), store.keys_path("echo")
    assert path.stat().st_mode & 0o777 == 0o600
    door = Keys(path)
    assert door.accept(f"Bearer {keys['primary']}")
    assert door.accept(f"bearer  {keys['secondary']}")
    for wrong in ("", "Bearer", "Bearer ", f"Basic {keys['primary']}", "Bearer é", "Bearer x"):
        assert not door.accept(wrong)
    store.new_key("echo", "Primary")
    assert not door.accept(f"Bearer {keys['primary']}")
    assert door.accept(f"Bearer {keys['secondary']}")
    store.delete("echo")
    assert not door.accept(f"Bearer {keys['secondary']}")


def test_the_description_tells_shapes_and_example() -> None:
    made = ServingPlan("net", (("net", 2),), framework="Onnx", sample_input=[[1.0, 2.0]])
    inputs = [{"name": "x", "dtype": "float32", "shape": [None, 2]}]
    found = swagger(made, "127.0.0.1:1", inputs)
    assert found["definitions"]["ServiceInput"]["properties"]["data"] == {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    }
    assert found["definitions"]["ServiceInput"]["example"] == {"data": [[1.0, 2.0]]}
    assert "401" in found["paths"]["/score"]["post"]["responses"]


def test_how_a_process_ended_is_told_in_words() -> None:
    assert how(3) == "ended with exit code 3"
    assert how(-9) == "was ended by signal 9 (SIGKILL)"
