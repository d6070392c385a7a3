"""TensorBoard of one run, of some, of an experiment and from a cell, in the theme's colours."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.lab import Lab, eventually
from tests.e2e.views import START_MS, STEP_MS, LabPage
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.full]

PREPARE = """
import os
from ml_jupyter.core import Experiment, Workspace
from ml_jupyter.tensorboard.export import export_to_tensorboard

Workspace.from_config().write_config()
for number in range(3):
    place = f"place-{number}"
    os.makedirs(place)
    os.chdir(place)
    run = Experiment(Workspace.from_config(), "digits").start_logging(snapshot_directory=None)
    run.display_name = f"digits-{number}"
    run.log_list("loss", [1.0, 0.5, 0.25])
    export_to_tensorboard(run, "logs")
    run.complete()
    os.chdir("..")
"""
CELLS = ("%load_ext ml_jupyter", "%tensorboard_run -e digits")
IDLE_S = 15


@pytest.fixture
def dark(start_lab) -> Lab:
    """A JupyterLab with the dark theme and short patience, and three runs with event files."""
    lab: Lab = start_lab()
    lab.stop()
    config = lab.place / "config"
    config.mkdir(exist_ok=True)
    limits = {"MlJupyterApp": {"tensorboard_idle_s": IDLE_S}}
    (config / "jupyter_server_config.json").write_text(json.dumps(limits))
    theme = lab.place / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    theme.write_text(json.dumps({"theme": "JupyterLab Dark"}))
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, Path(lab.notebooks) / "boards.ipynb")
    lab.python(PREPARE)
    lab.start()
    return lab


@pytest.fixture
def view(dark: Lab, context, page: Page):
    page.set_default_timeout(STEP_MS)
    watch = Watch(context, dark.origin)
    yield LabPage(page, dark)
    watch.check()


def board_in(place: Locator) -> FrameLocator:
    return place.frame_locator('iframe[title="TensorBoard"]')


def shows(board: FrameLocator, runs: list[str], *, is_dark: bool) -> None:
    for name in runs:
        expect(board.get_by_text(name).first).to_be_visible(timeout=START_MS)
    body = board.locator("body")
    classes = body.evaluate("node => [...node.classList]")
    assert ("dark-mode" in classes) == is_dark


def test_it_opens_everywhere_with_one_click_and_ends_by_itself(view: LabPage, dark: Lab) -> None:
    page = view.page
    view.open("lab?experiment=digits")
    table = page.locator(".jp-ml-xp:not(.lm-mod-hidden)")
    bar = table.locator(".jp-ml-xp-bar")
    bar.get_by_role("button", name="TensorBoard").click(timeout=START_MS)
    front = page.locator("#jp-main-dock-panel > .lm-DockPanel-widget:not(.lm-mod-hidden)")
    shows(board_in(front), ["digits-0", "digits-1", "digits-2"], is_dark=True)
    (whole,) = dark.api("ml-jupyter/tensorboards")["tensorboards"]
    assert len(whole["run_ids"]) == 3
    page.get_by_role("tab", name="TensorBoard").locator(".lm-TabBar-tabCloseIcon").click()

    for name in ("digits-0", "digits-2"):
        table.get_by_role("row", name=name).get_by_role("checkbox").check()
    chosen = table.get_by_role("toolbar", name="Selected runs")
    chosen.get_by_role("button", name="TensorBoard").click()
    shows(board_in(front), ["digits-0", "digits-2"], is_dark=True)
    expect(board_in(front).get_by_text("digits-1")).to_have_count(0)

    change = (
        "() => jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})"
    )
    page.evaluate(change)
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    shows(board_in(front), ["digits-0", "digits-2"], is_dark=False)

    page.goto("about:blank")
    eventually(lambda: not running(dark), IDLE_S * 4, lambda: f"still there: {running(dark)}")


def running(lab: Lab) -> list[str]:
    return [board["id"] for board in lab.api("ml-jupyter/tensorboards")["tensorboards"]]


def test_a_cell_shows_it_through_the_notebooks_server(view: LabPage, dark: Lab) -> None:
    view.open_notebook("boards.ipynb")
    view.run_all()
    output = view.show_cell("%tensorboard_run").locator(".jp-OutputArea-output")
    board = board_in(output)
    for name in ("digits-0", "digits-1", "digits-2"):
        expect(board.get_by_text(name).first).to_be_visible(timeout=START_MS)
    assert len(running(dark)) == 1


def test_a_run_is_exported_from_the_menu_of_its_page(view: LabPage, dark: Lab) -> None:
    (run, *_) = dark.runs()
    view.open("lab")
    view.open_run(run["id"])
    view.run_page.get_by_role("button", name="More", exact=True).click()
    with view.page.expect_download(timeout=START_MS) as kept:
        view.page.get_by_role("menuitem", name="Export as one HTML file").click()
    assert kept.value.suggested_filename.endswith(".html")
    content = kept.value.path().read_text("utf-8")
    assert content.lower().startswith("<!doctype html>")
    assert run["display_name"] in content.partition("</head>")[0]
