"""From recorded answers of the driver to a placement, through all that lies between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.devices import library, nvml
from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.jobs.queue import Waiting
from ml_jupyter.jobs.queue_limits import check
from ml_jupyter.jobs.queue_reasons import reasons
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.queue_standing import Standing
from ml_jupyter.jobs.queue_view import resource_use, standing
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.testing.isolation import isolated
from tests.gpu_lab import RECORDINGS

GB = 1_000_000_000
Look = Callable[[str], Standing]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    with isolated(tmp_path / "world", slots=16) as made:
        return made


@pytest.fixture
def look(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Look:
    def at(name: str) -> Standing:
        monkeypatch.setenv(library.RECORDING, str(RECORDINGS / f"{name}.json"))
        monkeypatch.setattr(nvml, "_seen", {})
        return standing(settings)

    return at


def labels(standing: Standing, fit: Fit | None) -> list[list[str]] | None:
    rooms = standing.room().gpus
    return None if fit is None else [[rooms[uuid].label for uuid in node] for node in fit]


def placed(look: Look, name: str, **needs: float) -> list[list[str]] | None:
    now = look(name)
    return labels(now, now.room().fit(Request(**needs)))  # type: ignore[arg-type]


def test_a_desktop_leaves_its_gpu_to_jobs(look: Look) -> None:
    assert placed(look, "one", gpus=1) == [["GPU 0"]]
    assert placed(look, "one", gpus=1, gpu_memory=25 * GB) is None


def test_eight_gpus_of_which_three_are_in_use_by_others(look: Look) -> None:
    assert placed(look, "eight", gpus=5) == [["GPU 0", "GPU 1", "GPU 4", "GPU 5", "GPU 7"]]
    assert placed(look, "eight", gpus=2, nodes=2) == [["GPU 0", "GPU 1"], ["GPU 4", "GPU 5"]]
    assert placed(look, "eight", gpus=6) is None
    assert placed(look, "eight", gpus=6, gpu_memory=85 * GB) is None
    assert placed(look, "eight", gpus=6, gpu_memory=20 * GB) is not None
    waiting = [Waiting("r", Request(gpus=8), 1)]
    text = reasons(waiting, look("eight"))["r"]
    assert text.startswith("Needs 8 GPUs; 5 of 8 are free. GPU 2: 80.1 GB held by pid 88213,")


def test_a_notebook_holds_the_second_of_two(look: Look) -> None:
    assert placed(look, "two", gpus=2) == [["GPU 0", "GPU 1"]]
    assert placed(look, "two_notebook", gpus=2) is None
    assert placed(look, "two_notebook", gpus=1) == [["GPU 0"]]
    assert placed(look, "two_notebook", gpus=2, gpu_memory=50 * GB) == [["GPU 0", "GPU 1"]]
    assert placed(look, "two_notebook", gpus=0.5, nodes=3) == [["GPU 0"], ["GPU 0"], ["GPU 1"]]


def test_parts_of_a_split_gpu(look: Look) -> None:
    assert placed(look, "mig", gpus=1) == [["GPU 1"]]
    assert placed(look, "mig", gpus=1, nodes=2) == [["GPU 1"], ["GPU 0 part 0"]]
    assert placed(look, "mig", gpus=1, nodes=3) == [["GPU 1"], ["GPU 0 part 0"], ["GPU 0 part 2"]]
    assert placed(look, "mig", gpus=1, nodes=4) is None
    assert placed(look, "mig", gpus=1, gpu_memory=9 * GB) == [["GPU 0 part 2"]]
    assert placed(look, "mig", gpus=2) is None


def test_an_old_card_that_does_not_tell_how_much_a_process_holds(look: Look) -> None:
    assert placed(look, "old_card", gpus=1) is None
    assert placed(look, "old_card", gpus=1, gpu_memory=8 * GB) == [["GPU 0"]]


def test_a_driver_that_tells_nothing_of_processes(look: Look) -> None:
    """Somebody holds 9 GB; who, may not be asked."""
    assert placed(look, "process_question_refused", gpus=1) is None
    assert placed(look, "process_question_refused", gpus=0.75) == [["GPU 0"]]


def test_eight_real_gpus_that_one_program_holds(look: Look) -> None:
    """Four of them have 3.1 GB left, the others less than 1 GB."""
    name = "measured_v100_eight"
    assert placed(look, name, gpus=1) is None
    assert placed(look, name, gpus=4, gpu_memory=3 * GB) == [["GPU 1", "GPU 2", "GPU 4", "GPU 7"]]
    assert placed(look, name, gpus=5, gpu_memory=3 * GB) is None
    assert placed(look, name, gpus=0.05) == [["GPU 1"]]
    assert placed(look, name, gpus=0.1) is None
    text = reasons([Waiting("r", Request(gpus=1), 1)], look(name))["r"]
    assert text.startswith("Needs 1 GPU; none of 8 is free. GPU 0: 33.2 GB held by pid 37305,")
    assert text.endswith("So it is with 4 more.")


def test_two_real_gpus_that_nobody_holds(look: Look) -> None:
    assert placed(look, "measured_l4_two", gpus=2) == [["GPU 0", "GPU 1"]]
    assert placed(look, "measured_l4_two", gpus=1, gpu_memory=23 * GB) == [["GPU 0"]]


def test_what_the_driver_keeps_for_itself_is_nobodys(look: Look, settings: Settings) -> None:
    """Of 24.2 GB of an L4 programs get 23.7."""
    assert placed(look, "measured_l4_two", gpus=1, gpu_memory=24 * GB) is None
    said = (
        r"Needs 1 GPU with 24 GB free, and this machine has 2, the largest with 23\.7 GB "
        r"\(455 MB more is the driver's\)\."
    )
    with pytest.raises(RunConfigurationException, match=said):
        check(LaunchSpec(command=["true"], gpus=1, gpu_memory=24 * GB), settings)
    assert placed(look, "measured_l4_two", gpus=0.5, nodes=4) is not None
    fit = placed(look, "measured_l4_two", gpus=0.5, nodes=3, gpu_memory=12 * GB)
    assert fit is None  # two halves of 12 GB are more than one has


def test_real_machine_of_which_others_hold_one_gpu(look: Look) -> None:
    name = "measured_p5000_k20c"
    assert placed(look, name, gpus=1) == [["GPU 1"]]
    assert placed(look, name, gpus=1, gpu_memory=5 * GB) is None
    assert placed(look, name, gpus=2) is None
    text = reasons([Waiting("r", Request(gpus=2), 1)], look(name))["r"]
    assert text.startswith("Needs 2 GPUs; 1 of 2 is free. GPU 0: 2.8 GB held by pid 3263,")
    assert text.endswith("and 2 more.")


def test_real_desktop_leaves_its_gpu_to_jobs(look: Look) -> None:
    assert placed(look, "measured_laptop", gpus=1) == [["GPU 0"]]
    assert placed(look, "measured_laptop", gpus=1, gpu_memory=6 * GB) == [["GPU 0"]]
    assert placed(look, "measured_laptop", gpus=1, gpu_memory=7 * GB) is None


def test_gpu_that_must_be_reset_is_given_to_nobody(look: Look) -> None:
    assert placed(look, "two_reset", gpus=1, nodes=2) is None
    assert placed(look, "two_reset", gpus=1, gpu_memory=20 * GB) == [["GPU 0"]]


@pytest.mark.parametrize(
    ("name", "gpus", "text"),
    [
        ("none", 1, "Needs 1 GPU, and this machine has none."),
        ("no_driver", 0.5, "Needs 0.5 of a GPU, and this machine has none."),
        ("driver_updated", 1, "Needs 1 GPU. The NVIDIA driver was updated"),
        ("two_lost", 2, "Needs 2 GPUs, and this machine has 1 that can be used: GPU 1 has fallen"),
        ("two_reset", 2, "Needs 2 GPUs, and this machine has 1 that can be used: GPU 1 must be"),
        ("mig", 2, "this machine has 4, of which a process can use only one MIG device"),
    ],
)
def test_what_is_refused_at_submission(
    look: Look, settings: Settings, name: str, gpus: float, text: str
) -> None:
    look(name)
    with pytest.raises(RunConfigurationException, match=text):
        check(LaunchSpec(command="true", gpus=gpus), settings)


def test_what_nobody_holds(look: Look, settings: Settings) -> None:
    look("two_lost")
    use = resource_use(settings, nvml.inventory())
    assert use.gpus == (1, 1.0)
    assert use.cpus == (16, 16)
    assert use.memory.total == use.memory.free > 0
