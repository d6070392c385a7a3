"""Two users behind a real JupyterHub: private workspaces stay private, a shared one is shared."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hub import PASSWORD, Hub, environment
from tests.e2e.people import Person, people
from tests.e2e.views import START_MS
from tests.e2e.watch import Watch

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.full,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can make users of the system"),
]

ALICE, BOB = "mljalice", "mljbob"
MAKE = """
import sys
from ml_jupyter.core import Experiment, Workspace

name, location = sys.argv[1:3]
workspace = Workspace.create(name, location=location, exist_ok=True)
run = Experiment(workspace, "work").start_logging(snapshot_directory=None, outputs=False)
run.display_name = sys.argv[3]
run.log("loss", 0.25)
run.complete()
print(workspace._folder.id, run.id)
"""
SHARE = 'chgrp -R "$2" "$1" && chmod -R g+rwX "$1" && find "$1" -type d -exec chmod g+s {} +'


@dataclass(frozen=True)
class World:
    """The hub, its users, their tokens, and the ids of the workspaces and of their runs."""

    hub: Hub
    users: dict[str, Person]
    tokens: dict[str, str]
    ids: dict[str, tuple[str, str]]
    python: Path

    def listed(self, name: str) -> set[str]:
        """Ids of the workspaces that a user's server lists."""
        answer = self.hub.ask(f"user/{name}/ml-jupyter/workspaces", self.tokens[name])
        return {item["id"] for item in answer["workspaces"]}

    def runs(self, name: str, workspace: str) -> set[str]:
        """Names of the runs of a workspace, by the server of a user."""
        path = f"user/{name}/ml-jupyter/workspaces/{self.ids[workspace][0]}/runs"
        return {run["display_name"] for run in self.hub.ask(path, self.tokens[name])["runs"]}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    place = Path(tempfile.mkdtemp(prefix="mlj-hub-"))
    place.chmod(0o755)
    try:
        python = environment(place / "env") / "bin" / "python"
        with people(place, "mljteam", (ALICE, BOB)) as users:
            ids = _workspaces(place, python, dict(users))
            variables = {"ML_JUPYTER_SLOT_DIR": str(place / "slots"), "ML_JUPYTER_SLOTS": "2"}
            with Hub(place / "hub", place / "env", list(users), variables) as hub:
                tokens = {name: hub.start_server(name) for name in users}
                yield World(hub, dict(users), tokens, ids, python)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _workspaces(place: Path, python: Path, users: dict[str, Person]) -> dict[str, tuple[str, str]]:
    """A private workspace each, and one that Alice shares with the group."""
    (place / "team").mkdir()
    shutil.chown(place / "team", ALICE, "mljteam")
    shared = place / "team" / "shared"
    found = {name: _make(python, users[name], "own", place / name / "own") for name in users}
    found["shared"] = _make(python, users[ALICE], "shared", shared)
    done = users[ALICE].run("sh", "-c", SHARE, "share", shared, "mljteam")
    assert done.returncode == 0, done.stderr
    assert _make(python, users[BOB], "shared", shared)[0] == found["shared"][0]
    return found


def _make(python: Path, person: Person, name: str, location: Path) -> tuple[str, str]:
    """Make or open a workspace as a user, with a run; the ids of both."""
    done = person.run(python, "-c", MAKE, name, str(location), f"run of {person.name}")
    assert done.returncode == 0, done.stderr
    workspace, run = done.stdout.split()[-2:]
    return workspace, run


def test_each_sees_the_own_and_the_shared_workspace_only(world: World) -> None:
    for me in (ALICE, BOB):
        assert world.listed(me) == {world.ids[me][0], world.ids["shared"][0]}


def test_both_see_the_runs_of_both_in_the_shared_one(world: World) -> None:
    for me in (ALICE, BOB):
        assert world.runs(me, "shared") == {f"run of {ALICE}", f"run of {BOB}"}
        assert world.runs(me, me) == {f"run of {me}"}


def test_an_id_that_was_heard_of_opens_nothing(world: World) -> None:
    path = f"user/{BOB}/ml-jupyter/workspaces/{world.ids[ALICE][0]}/runs"
    assert world.hub.refusal(path, world.tokens[ALICE]) == 403
    assert world.hub.refusal(path, world.tokens[BOB]) == 404


def test_the_folder_of_somebody_else_cannot_be_opened(world: World) -> None:
    alice = world.users[ALICE]
    script = (
        "import sys\nfrom ml_jupyter.core import Workspace\n"
        "Workspace.get('own', location=sys.argv[1])"
    )
    done = world.users[BOB].run(world.python, "-c", script, str(alice.home / "own"))
    assert done.returncode != 0
    assert "cannot be read" in done.stderr or "no workspace" in done.stderr


def test_the_server_of_somebody_else_refuses(world: World) -> None:
    path = f"user/{ALICE}/ml-jupyter/workspaces"
    assert world.hub.refusal(path, world.tokens[ALICE]) == 0
    assert world.hub.refusal(path, world.tokens[BOB]) == 403


def test_what_one_adds_to_the_shared_workspace_the_other_sees(world: World) -> None:
    alice, folder = world.users[ALICE], world.users[ALICE].home.parent / "team" / "shared"
    done = alice.run(world.python, "-c", MAKE, "shared", str(folder), "added later")
    assert done.returncode == 0, done.stderr
    assert "added later" in world.runs(BOB, "shared")


def test_a_user_looks_at_the_shared_runs_in_the_browser(
    world: World, context: BrowserContext, page: Page
) -> None:
    watching = Watch(context, world.hub.origin)
    page.goto(f"{world.hub.origin}/hub/login?next=%2Fuser%2F{BOB}%2Flab")
    page.get_by_label("Username").fill(BOB)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=START_MS)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0, timeout=START_MS)
    workspace, run = world.ids["shared"]
    page.goto(f"{world.hub.origin}/user/{BOB}/lab?run={run}&ml-workspace={workspace}&tab=metrics")
    shown = page.locator(".jp-ml-main")
    expect(shown).to_contain_text(f"run of {ALICE}", timeout=START_MS)
    expect(shown.get_by_role("definition").filter(has_text="0.2500")).to_be_visible()
    watching.check()
