"""A registration that is killed leaves a whole version or none; a disk that is full leaves none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.models import content
from ml_jupyter.models.store import ModelStore
from ml_jupyter.testing.isolation import eventually

#: Registers folders of some megabytes until it is killed; says which number it is at.
PROGRAM = """\
import sys
from pathlib import Path
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.models import content
from ml_jupyter.models.store import ModelStore
store, folder = ModelStore(WorkspaceLayout(Path(sys.argv[1]))), Path(sys.argv[2])
for number in range(10_000):
    for part in range(4):
        (folder / f"part{part}").write_bytes(f"{number} {part} ".encode() * 100_000)
    print(number, flush=True)
    store.register("net", content.of_path(folder), description=str(number))
"""


@pytest.fixture
def layout(tmp_path: Path) -> WorkspaceLayout:
    (tmp_path / "workspace").mkdir()
    return WorkspaceLayout(tmp_path / "workspace")


@pytest.mark.slow
@pytest.mark.parametrize("reached", [1, 3, 6, 9])
def test_killed_in_the_middle_of_a_registration(
    layout: WorkspaceLayout, tmp_path: Path, reached: int
) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(layout.root), str(folder)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == reached:
                break
        # With its first contents of this number stored, most often.
        before = len(list((layout.models / ".blobs").rglob("*")))
        eventually(
            lambda: len(list((layout.models / ".blobs").rglob("*"))) > before, 10, "a content"
        )
        process.send_signal(signal.SIGKILL)
    store = ModelStore(layout)
    records = list(store.list("net"))
    assert len(records) >= reached
    for record in records:
        made = store.lay_out(record, tmp_path / "out" / str(record.version))
        for part in range(4):
            expected = f"{record.description} {part} ".encode() * 100_000
            assert (made / f"part{part}").read_bytes() == expected
    assert store.register("net", content.of_path(folder)).version == len(records) + 1


@pytest.mark.slow
def test_a_full_disk_registers_nothing(layout: WorkspaceLayout, tmp_path: Path) -> None:
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from ml_jupyter.exceptions import StorageFailed\n"
        "from ml_jupyter.history.layout import WorkspaceLayout\n"
        "from ml_jupyter.models import content; from ml_jupyter.models.store import ModelStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    ModelStore(WorkspaceLayout(Path(sys.argv[1]))).register(\n"
        "        'net', content.of_path(Path(sys.argv[2])))\n"
        "except StorageFailed as error:\n"
        "    print('told', error)\n"
    )
    large = tmp_path / "large"
    large.write_bytes(os.urandom(100_000))
    done = subprocess.run(
        [sys.executable, "-c", program, str(layout.root), str(large)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("told Cannot write")
    store = ModelStore(layout)
    assert store.names() == []
    assert [path for path in (layout.models / ".blobs").rglob("*") if path.is_file()] == []
    assert store.register("net", content.of_path(large)).version == 1


def test_a_record_is_never_seen_in_part(layout: WorkspaceLayout, tmp_path: Path) -> None:
    (tmp_path / "net.pt").write_text("weights")
    store = ModelStore(layout)
    store.register("net", content.of_path(tmp_path / "net.pt"))
    (layout.models / "net" / ".2.json.part").write_text(json.dumps({"id": "half"})[:5])
    assert [record.version for record in store.list()] == [1]
    assert store.register("net", content.of_path(tmp_path / "net.pt")).version == 2
