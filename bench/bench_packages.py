"""Installed packages: what it costs a run to note those of its Python, 300 of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row, percentiles

from ml_jupyter import _inventory
from ml_jupyter.history import inventory, packages, records
from ml_jupyter.history.workspace import WorkspaceFolder

COUNT = 300
_HEAD = "Metadata-Version: 2.1\nName: package-{0}\nVersion: 1.{0}\n\n"


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        site = _site(root / "site")
        yield looked_at(site)
        yield noted(root, site)


def _site(folder: Path) -> Path:
    """A folder as installers leave it, changed last some time ago."""
    for number in range(COUNT):
        place = folder / f"package_{number}-1.{number}.dist-info"
        place.mkdir(parents=True)
        (place / "METADATA").write_text(_HEAD.format(number) + "A long description.\n" * 400)
        (place / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {}}')
    return folder


def looked_at(site: Path) -> Row:
    """Reading them all, which the first run of an environment has done beside it."""
    half, _ = percentiles(lambda: _inventory.listing([str(site)]), 20)
    return Row(f"{COUNT} installed packages looked at, p50", half * 1000, "ms", 100)


def noted(root: Path, site: Path) -> Row:
    """What every later run pays: whether anything has changed, and an event."""
    time.sleep(2.1)  # a folder that has just changed is not remembered
    memory = inventory.Memory(root / "cache", [str(site)])
    value = _inventory.listing([str(site)])
    memory.keep(inventory.Known.of(value), value["watched"])
    workspace = WorkspaceFolder.create(root / "w", "bench")
    run = workspace.create_run(
        workspace.create_experiment("bench"), "noted", records.INTERACTIVE, "Running"
    )

    def note() -> None:
        found = memory.recall()
        assert found is not None
        packages.store(workspace.layout, found.fact["digest"], found.content)
        run.note(**{packages.FACT: found.fact})

    half, worst = percentiles(note, 200)
    text = f"p99 {worst * 1000:.2f} ms"
    return Row(f"{COUNT} remembered packages noted with a run, p50", half * 1000, "ms", 5, text)
