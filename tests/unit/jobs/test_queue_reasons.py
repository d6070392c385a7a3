"""Why runs wait, in words that name the holder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import _time
from ml_jupyter.devices.gpu import Gpu, GpuProcess
from ml_jupyter.devices.owners import NOTEBOOK, RUN, USER, Owner
from ml_jupyter.jobs.queue import Waiting
from ml_jupyter.jobs.queue_limits import Capacity, usable
from ml_jupyter.jobs.queue_reasons import NAMED, reasons, signature
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_standing import UNSEEN, Standing, stand
from ml_jupyter.jobs.slots import SOMEBODY, Holder
from ml_jupyter.testing.isolation import isolated

ME = 1000
GB = 1_000_000_000
NOTES = Owner(4121, NOTEBOOK, "python", ME, "mara", True, notebook="eda.ipynb", idle_s=10_900.0)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_time, "now_ns", lambda: 7_200 * 1_000_000_000)


def gpu(at: int, *processes: GpuProcess, **facts: Any) -> Gpu:
    used = sum(item.used or 0 for item in processes)
    return Gpu(at, f"GPU-{at}", "A100", 80 * GB, facts.pop("used", used), processes, **facts)


def machine(
    *gpus: Gpu,
    held: dict[str, Holder] | None = None,
    owners: tuple[Owner, ...] = (),
    cpus: int = 4,
    note: str | None = None,
) -> Standing:
    known = {owner.pid: owner for owner in owners}
    have = Capacity(cpus, 64 * GB, gpus, note)
    return stand(have, held or {}, lambda pid: known.get(pid, Owner(pid)))


def mine(run_id: str, **facts: Any) -> Holder:
    return Holder(ME, f"scope:{run_id}", run_id, **facts)


def why(standing: Standing, *requests: Request) -> list[str]:
    waiting = [Waiting(f"r{at}", request, at) for at, request in enumerate(requests)]
    texts = reasons(waiting, standing, {"run-9": "digits-sgd"}.get)  # type: ignore[arg-type]
    return [texts[item.run_id] for item in waiting]


ONE, TWO = Request(gpus=1), Request(gpus=2)


def test_who_uses_the_cores() -> None:
    held = {"cpu-0": mine("digits-sgd"), "cpu-1": mine("parent")}
    texts = why(machine(held=held, cpus=2), *[Request()] * (NAMED + 1))
    used = "2 of 2 are in use by digits-sgd and parent."
    assert texts[0] == f"Waiting for 1 CPU slot. {used}"
    assert texts[1] == f"Waiting for 1 CPU slot; 1 run is ahead. {used}"
    assert texts[NAMED] == "Waiting for 1 CPU slot, behind other runs."
    held = {f"cpu-{at}": mine(name) for at, name in enumerate("abcd")}
    (text,) = why(machine(held=held, cpus=5), Request(slots=2))
    assert text == "Waiting for 2 CPU slots. 4 of 5 are in use by a, b, c and 1 more."


def test_a_holder_is_called_as_it_is_called_now() -> None:
    held = {"cpu-0": mine("run-9"), "gpu-GPU-0": mine("run-9"), "memory-0": mine("other")}
    texts = why(machine(gpu(0), held=held, cpus=1), Request(), ONE)
    assert texts[0] == "Waiting for 1 CPU slot. 1 of 1 is in use by digits-sgd."
    assert "GPU 0: in use by digits-sgd." in texts[1]


def test_the_notebook_that_holds_a_gpu() -> None:
    standing = machine(gpu(0), gpu(1, GpuProcess(4121, 31_203_000_000)), owners=(NOTES,))
    assert why(standing, TWO) == [
        (
            "Needs 2 GPUs; 1 of 2 is free. GPU 1: 31.2 GB held by pid 4121, the notebook "
            '"eda.ipynb" (idle 3 h).'
        )
    ]


def test_a_run_of_ours_that_holds_a_gpu() -> None:
    held = {"gpu-GPU-0": mine("vit-412", since=60_000_000_000), "cpu-0": mine("vit-412")}
    owner = Owner(77, RUN, "python", ME, "mara", True, run_id="vit-412")
    standing = machine(gpu(0, GpuProcess(77, 9 * GB)), held=held, owners=(owner,))
    assert why(standing, ONE) == [
        "Needs 1 GPU; none of 1 is free. GPU 0: in use by vit-412 (for 1 h)."
    ]


def test_a_run_that_asked_for_no_gpu_and_uses_one() -> None:
    owner = Owner(77, RUN, "python", ME, "mara", True, run_id="run-9")
    standing = machine(gpu(0, GpuProcess(77, 2 * GB)), owners=(owner,))
    assert why(standing, ONE) == [
        (
            "Needs 1 GPU; none of 1 is free. GPU 0: 2 GB held by pid 77, the run digits-sgd, which "
            "asked for no GPU."
        )
    ]


def test_a_child_that_uses_what_its_parent_holds_is_no_stranger() -> None:
    held = {"share-GPU-0-0": mine("parent", amount=0.5)}
    owner = Owner(77, RUN, "python", ME, "mara", True, run_id="grandchild")
    gpus = (gpu(0, GpuProcess(77, 30 * GB)),)
    lenders = {"grandchild": "child", "child": "parent"}
    standing = stand(Capacity(4, 0, gpus), held, lambda pid: owner, lenders)
    assert standing.room().fit(Request(gpus=0.5)) is not None
    stranger = stand(Capacity(4, 0, gpus), held, lambda pid: owner)
    assert stranger.room().fit(Request(gpus=0.5)) is None


def test_other_users_are_named_only_where_the_system_names_them() -> None:
    other = Owner(88, USER, "python3", 2000, "tom", False, started=0)
    held = {"gpu-GPU-0": Holder(2000, "", SOMEBODY)}
    standing = machine(
        gpu(0, GpuProcess(87, GB)), gpu(1, GpuProcess(88, GB)), held=held,
        owners=(Owner(87, USER, "python", 2000, "tom", False), other),
    )  # fmt: skip
    assert why(standing, ONE) == [
        (
            "Needs 1 GPU; none of 2 is free. GPU 0: in use by a job of another user. "
            "GPU 1: 1 GB held by pid 88 (python3) of tom (for 2 h)."
        )
    ]


def test_memory_that_nobody_visible_holds() -> None:
    standing = machine(gpu(0, used=UNSEEN + 1))
    assert why(standing, ONE) == [
        (
            "Needs 1 GPU; none of 1 is free. GPU 0: 537 MB held by a process that cannot be seen "
            "from here."
        )
    ]
    little = machine(gpu(0, used=UNSEEN))
    assert little.room().fit(ONE) is not None


def test_old_driver_that_does_not_tell_how_much() -> None:
    standing = machine(gpu(0, GpuProcess(5, None), used=2 * GB))
    (text,) = why(standing, ONE)
    assert text.endswith("GPU 0: memory held by pid 5, which cannot be seen from here.")
    room = standing.room()
    assert room.fit(Request(gpus=1, gpu_memory=79 * GB)) is None
    assert room.fit(Request(gpus=1, gpu_memory=78 * GB)) is not None


def test_programs_that_draw_take_memory_and_block_nobody() -> None:
    room = machine(gpu(0, GpuProcess(5, 2 * GB, graphics=True))).room()
    assert room.fit(ONE) is not None
    assert room.fit(Request(gpus=1, gpu_memory=79 * GB)) is None


def test_where_the_driver_shows_no_processes_the_desktop_blocks_nobody() -> None:
    room = machine(gpu(0, used=3 * GB, hides=True)).room()
    assert room.fit(ONE) is not None
    assert room.fit(Request(gpus=1, gpu_memory=78 * GB)) is None
    held = {"share-GPU-0-0": mine("a", amount=0.25)}
    assert machine(gpu(0, used=9 * GB, hides=True), held=held).room().fit(Request(gpus=0.75))


def test_a_gpu_for_one_process_at_a_time_is_not_shared() -> None:
    standing = machine(gpu(0, GpuProcess(5, GB), exclusive=True), gpu(1, exclusive=True))
    room = standing.room()
    assert room.fit(Request(gpus=1, gpu_memory=GB)) == (("GPU-1",),)
    assert room.fit(Request(gpus=0.5)) is None
    assert why(standing, Request(gpus=0.5)) == [
        (
            "Needs 0.5 of a GPU, and this machine has 2, which the driver lets nobody share "
            "(compute mode EXCLUSIVE_PROCESS)."
        )
    ]


def test_shares_promise_memory_and_name_all_holders() -> None:
    held = {
        "share-GPU-0-0": mine("a", amount=0.5),
        "share-GPU-0-1": mine("b", amount=0.25, reserved=30 * GB),
    }
    standing = machine(gpu(0), held=held)
    assert standing.room().gpus["GPU-0"].memory_free == 10 * GB
    assert why(standing, Request(gpus=0.5)) == [
        "Needs 0.5 of a GPU; none of 1 is free. GPU 0: in use by a and b."
    ]


def test_too_little_memory_of_a_gpu_that_is_free() -> None:
    standing = machine(gpu(0, GpuProcess(5, 30 * GB, graphics=True)))
    assert why(standing, Request(gpus=1, gpu_memory=60 * GB)) == [
        "Needs 1 GPU with 60 GB free; none of 1 is free. GPU 0: 50 GB of 80 GB are free."
    ]


def test_a_gpu_that_fell_off_the_bus() -> None:
    lost = gpu(1, problem="has fallen off the bus; restart the machine")
    held = {"gpu-GPU-0": mine("a")}
    text, never = why(machine(gpu(0), lost, held=held), ONE, TWO)
    assert text == (
        "Needs 1 GPU; none of 2 is free. GPU 0: in use by a. "
        "GPU 1 has fallen off the bus; restart the machine."
    )
    assert never == (
        "Needs 2 GPUs, and this machine has 1 that can be used: GPU 1 has fallen off the bus; "
        "restart the machine."
    )


def test_a_driver_that_does_not_answer() -> None:
    assert why(machine(note="The NVIDIA driver does not answer."), ONE) == [
        "Needs 1 GPU. The NVIDIA driver does not answer."
    ]


def test_what_is_free_is_kept_for_those_ahead() -> None:
    held = {"gpu-GPU-0": mine("a")}
    texts = why(machine(gpu(0), gpu(1), held=held), TWO, ONE)
    assert texts[1] == "Waiting for 1 GPU; 1 run is ahead, and what is free is kept for it."


def test_somebody_else_came_first() -> None:
    assert why(machine(gpu(0)), ONE) == ["Waiting for 1 GPU. A job of another user came first."]


def test_nodes_of_a_pool_and_memory() -> None:
    held = {"pool-p-0": mine("a"), "memory-0": mine("b", amount=float(60 * GB))}
    pool = Request(pool="p", pool_name="gpu-cluster", max_nodes=1)
    texts = why(machine(held=held), pool, Request(memory=8 * GB))
    assert texts == [
        "Waiting for 1 node of the pool gpu-cluster. 1 of 1 is in use by a.",
        "Needs 8 GB of memory; 4 GB of 64 GB are not reserved; 1 run is ahead. Reserved by b.",
    ]


def test_several_things_are_missing() -> None:
    held = {"gpu-GPU-0": mine("a"), **{f"cpu-{at}": mine("a") for at in range(4)}}
    (text,) = why(machine(gpu(0), held=held), Request(gpus=1, slots=2))
    assert text == (
        "Needs 1 GPU; none of 1 is free. GPU 0: in use by a. "
        "Waiting for 2 CPU slots. 4 of 4 are in use by a."
    )


def test_many_gpus_are_summed_up() -> None:
    held = {f"gpu-GPU-{at}": mine("a") for at in range(8)}
    (text,) = why(machine(*[gpu(at) for at in range(8)], held=held), ONE)
    assert text.startswith("Needs 1 GPU; none of 8 is free. GPU 0: in use by a. GPU 1:")
    assert text.endswith("GPU 3: in use by a. So it is with 4 more.")


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (Request(slots=5), "Needs 5 CPU slots, and this machine has 4."),
        (Request(slots=3, nodes=2), "Needs 6 CPU slots, and this machine has 4."),
        (Request(memory=65 * GB), "Needs 65 GB of memory, and this machine has 64 GB."),
        (Request(gpus=3), "Needs 3 GPUs, and this machine has 2."),
        (Request(gpus=1, nodes=3), "Needs 1 GPU on each of 3 nodes, and this machine has 2."),
        (
            Request(gpus=1, gpu_memory=90 * GB),
            "Needs 1 GPU with 90 GB free, and this machine has 2, the largest with 80 GB.",
        ),
        (
            Request(pool="p", pool_name="small", max_nodes=1, nodes=2),
            "Needs 2 nodes, and the pool small has 1.",
        ),
    ],
)
def test_what_can_never_start(request_: Request, text: str) -> None:
    assert why(machine(gpu(0), gpu(1)), request_) == [text]


def test_a_machine_without_gpus() -> None:
    assert why(machine(), ONE) == ["Needs 1 GPU, and this machine has none."]


def test_sizes_and_durations_alone_are_no_news() -> None:
    assert signature("31.2 GB held (idle 3 h)") == signature("31.3 GB held (idle 4 h)")
    assert signature("1 of 2 is free") != signature("2 of 2 are free")
    assert signature("for 3 d") == signature("for 12 s")


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (Request(), "1 CPU slot"),
        (Request(slots=4, gpus=2), "2 GPUs and 4 CPU slots"),
        (Request(gpus=0.5, memory=8 * GB), "0.5 of a GPU and 8 GB of memory"),
        (Request(gpus=1, nodes=2), "2 nodes with 1 GPU each"),
    ],
)
def test_requests_in_words(request_: Request, text: str) -> None:
    assert request_.text == text


def test_gpus_that_the_setting_keeps_from_jobs(tmp_path: Path) -> None:
    with isolated(tmp_path, gpus="1, GPU-3") as settings:
        gpus = usable([gpu(at) for at in range(4)], settings)
        standing = machine(*gpus, held={"gpu-GPU-1": mine("a")})
        assert why(standing, ONE, Request(gpus=3)) == [
            "Waiting for 1 GPU. A job of another user came first.",
            (
                "Needs 3 GPUs, and this machine has 2 that can be used: GPU 0 is kept from jobs "
                "by the setting gpus and GPU 2 is kept from jobs by the setting gpus."
            ),
        ]
        assert usable(gpus, settings.with_(gpus="")) == tuple(gpus)
