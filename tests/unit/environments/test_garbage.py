"""Garbage collection: by age and by size, never what is used or fresh."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from ml_jupyter import environments
from ml_jupyter.environments import EnvironmentSpec, garbage, store
from tests.unit.environments.conftest import Lab

DAY = 86_400


def built(lab: Lab, name: str, days: float) -> EnvironmentSpec:
    lab.wheel(name)
    spec = lab.pip(name, name=name)
    environments.prepare(spec, lab.settings, lab.hear, lambda: False)
    age(lab, spec, days)
    return spec


def age(lab: Lab, spec: EnvironmentSpec, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(store.place_of(spec, lab.settings).used, (then, then))


def names(removed: list[garbage.Removed]) -> list[str]:
    return [item.name for item in removed]


def test_what_nobody_used_for_long_is_removed(lab: Lab) -> None:
    old, new = built(lab, "old", 40), built(lab, "new", 5)
    removed = garbage.collect(lab.settings)
    assert names(removed) == ["old"]
    assert removed[0].bytes > 10_000
    assert environments.ready(old, lab.settings) is None
    assert environments.ready(new, lab.settings) is not None
    assert names(garbage.collect(lab.settings, days=1)) == ["new"]


def test_the_longest_unused_ones_make_room(lab: Lab) -> None:
    built(lab, "a", 3), built(lab, "b", 2)
    kept = built(lab, "c", 1)
    size = store.size_of(store.place_of(kept, lab.settings).folder)
    removed = garbage.collect(lab.settings, limit=size + 1000)
    assert names(removed) == ["a", "b"]
    assert environments.ready(kept, lab.settings) is not None


def test_what_was_just_used_stays_whatever_is_asked(lab: Lab) -> None:
    spec = built(lab, "one", 3)
    assert environments.use(spec, lab.settings) is not None
    assert garbage.collect(lab.settings, days=0, limit=1) == []
    assert environments.ready(spec, lab.settings) is not None


def test_a_run_that_goes_on_for_months_keeps_its_environment(lab: Lab) -> None:
    spec = built(lab, "one", 0)
    program = (
        "import sys\nfrom ml_jupyter import environments\nfrom ml_jupyter.config import Settings\n"
        f"settings = Settings.load(cache={str(lab.settings.cache)!r})\n"
        f"spec = environments.EnvironmentSpec.from_json({spec.to_json()!r})\n"
        "print(environments.use(spec, settings) is not None, flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        age(lab, spec, 90)
        assert garbage.collect(lab.settings) == []
        process.communicate()
    assert names(garbage.collect(lab.settings)) == ["one"]


def test_what_a_killed_build_left_is_removed(lab: Lab) -> None:
    spec = lab.pip("one")
    store.prepare_root(lab.settings)
    place = store.place_of(spec, lab.settings)
    (place.folder / "env").mkdir(parents=True)
    assert len(garbage.collect(lab.settings)) == 1
    assert lab.left() == []
