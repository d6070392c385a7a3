"""Take the documentation's pictures: ``make screenshots``."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from playwright.sync_api import FloatRect, Page, expect, sync_playwright

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import end_all
from scripts import chromium
from tests.e2e.conftest import SWITCHES
from tests.e2e.lab import ROOT, Lab, eventually
from tests.e2e.views import LabPage, says

IMAGES = ROOT / "docs" / "images"
#: The finding alone: the traceback in the log below it names folders of the machine.
WITHOUT_LOG: FloatRect = {"x": 0, "y": 0, "width": 1440, "height": 540}
#: What the chart of the quickstart's run says when all of it is drawn.
WHOLE = re.compile("^val_accuracy, 40 points")
#: For trainings, on a machine that has other things to do.
SLOW_S = 300
EARLIER = """
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace

experiment = Experiment(Workspace.from_config(), "digits")

def submit(name, *arguments):
    run = experiment.submit(ScriptRunConfig("quickstart", "train.py", arguments=list(arguments)))
    run.display_name = name
    return run

submit("digits-wide", "--hidden", 128, "--epochs", 25)
submit("digits-slow-rate", "--learning-rate", 0.0005, "--epochs", 30)
submit("digits-no-units", "--hidden", -1)
submit("digits-fast-rate", "--learning-rate", 0.02, "--epochs", 30)
"""
NESTED = """
from ml_jupyter.core import Experiment, Workspace

experiment = Experiment(Workspace.from_config(), "digits")
with experiment.start_logging(snapshot_directory=None, outputs=False) as sweep:
    sweep.display_name = "hidden-units"
    for units in (8, 16, 32, 64):
        with sweep.child_run(name=f"units {units}") as child:
            child.log("val_accuracy", 1 - 1 / units)
"""
SEARCHED = """
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.train.hyperdrive import (
    HyperDriveConfig, PrimaryMetricGoal, RandomParameterSampling, choice, loguniform,
)

workspace = Workspace.from_config()
experiment = Experiment(workspace, "digits")
best, model = next(
    (run, name)
    for run in experiment.get_runs(status="Completed")
    for name in run.get_file_names() if name.endswith(".joblib")
)
for area in ("post office", "bank"):
    best.register_model("digits", model, tags={"area": area}, model_framework="ScikitLearn",
                        model_framework_version="1.4")
space = {"--learning-rate": loguniform(-8, -3), "--hidden": choice(8, 16, 32, 64)}
script = ScriptRunConfig("quickstart", "train.py", arguments=["--epochs", 10])
config = HyperDriveConfig(
    RandomParameterSampling(space, properties={"seed": 3}), "val_accuracy",
    PrimaryMetricGoal.MAXIMIZE, 14, 2, run_config=script,
)
search = experiment.submit(config)
search.display_name = "digits-search"
"""
WAITING = """
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace

experiment = Experiment(Workspace.from_config(), "digits")
for name, epochs in (("digits-long", 400), ("digits-seed-1", 60), ("digits-seed-2", 60)):
    arguments = ["--epochs", epochs, "--pause", 0.2, "--seed", len(name)]
    run = experiment.submit(ScriptRunConfig("quickstart", "train.py", arguments=arguments))
    run.display_name = name
"""


def _all_ended(lab: Lab) -> bool:
    runs = lab.runs()
    return len(runs) >= 4 and all(run["ended_ms"] is not None for run in runs)


def main() -> None:
    """Write the pictures, light, 1440 x 900, to docs/images."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    lab = Lab(Path(tempfile.mkdtemp()) / "lab")
    lab.start()
    try:
        lab.python(EARLIER)
        eventually(lambda: _all_ended(lab), SLOW_S, "the earlier runs go on")
        lab.python(NESTED)
        lab.python(SEARCHED)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=SWITCHES)
            _shoot(browser.new_page(viewport={"width": 1440, "height": 900}), lab)
            browser.close()
    finally:
        lab.stop()
        end_all(Settings.load(lab.environment()))


def _shoot(page: Page, lab: Lab) -> None:
    view = LabPage(page, lab)
    view.open_notebook("quickstart.ipynb")
    view.show_sidebar()
    view.run_all()
    run = eventually(lambda: lab.runs(tag="tutorial=quickstart"), SLOW_S, "no training")[0]
    lab.python(WAITING)
    says(view.show_widget(), "Running")
    epoch = page.locator(".jp-ml-widget").get_by_text("epoch  26/40")
    expect(epoch.first).to_be_visible(timeout=1000 * SLOW_S)
    view.widget().evaluate("node => node.closest('.jp-Cell').scrollIntoView()")
    page.screenshot(path=IMAGES / "notebook.png")
    view.open_run(run["id"])
    page.mouse.move(700, 880)
    says(view.run_page, "Completed", 1000 * SLOW_S)
    expect(view.chart("val_accuracy")).to_have_attribute("aria-label", WHOLE, timeout=30_000)
    page.screenshot(path=IMAGES / "run.png")
    failed = eventually(lambda: lab.runs(status="Failed"), SLOW_S, "no failed run")[0]
    view.open_run(failed["id"])
    expect(view.run_page.get_by_role("region", name="Why it failed")).to_be_visible()
    page.mouse.move(700, 880)
    page.screenshot(path=IMAGES / "failed.png", clip=WITHOUT_LOG)
    view.open_run(run["id"])
    view.tab("System")
    expect(view.run_page.get_by_role("img", name=re.compile("^CPU"))).to_be_visible()
    page.screenshot(path=IMAGES / "system.png")
    view.tab("Code")
    expect(view.run_page.get_by_role("region", name="train.py")).to_be_visible()
    page.screenshot(path=IMAGES / "code.png")
    _shoot_more(page, view, lab, run["id"])


def _shoot_more(page: Page, view: LabPage, lab: Lab, run_id: str) -> None:
    view.open_run(run_id)
    view.tab("Metrics")
    expect(view.chart("val_accuracy")).to_have_attribute("aria-label", WHOLE, timeout=30_000)
    _still(page)
    page.screenshot(path=IMAGES / "metrics.png")
    view.tab("Log")
    expect(view.run_page.get_by_role("log")).to_contain_text("epoch  40/40")
    _still(page)
    page.screenshot(path=IMAGES / "log.png")
    parent = next(item for item in lab.runs() if item["display_name"] == "hidden-units")
    view.open_run(parent["id"])
    view.tab("Children")
    expect(view.run_page).to_contain_text("units 64")
    _still(page)
    page.screenshot(path=IMAGES / "children.png")
    _shoot_pages(page, view, lab)
    box = view.sidebar.bounding_box()
    assert box is not None
    page.screenshot(path=IMAGES / "sidebar.png", clip=FloatRect(**box))


def _shoot_pages(page: Page, view: LabPage, lab: Lab) -> None:
    search = next(item for item in lab.runs() if item["display_name"] == "digits-search")

    def has_ended() -> bool:
        return search["id"] in [item["id"] for item in lab.runs(status="Completed")]

    eventually(has_ended, SLOW_S, "the search goes on")
    view.open_run(search["id"])
    view.tab("Trials")
    expect(view.run_page.get_by_role("region", name="What mattered")).to_contain_text("%")
    _picture(page, "trials")
    named = ("digits-wide", "digits-slow-rate", "digits-fast-rate", "digits-seed-1")
    compared = [item["id"] for item in lab.runs() if item["display_name"] in named]
    for name, command, arguments, shown in (
        ("compare", "compare-runs", {"runs": compared}, "learning"),
        ("experiment", "show-experiments", {"experiment": "digits"}, "digits-wide"),
        ("queue", "open-queue", {}, "digits-long"),
        ("models", "show-models", {"model": "digits"}, "bank"),
    ):
        script = "([id, args]) => window.jupyterapp.commands.execute(id, args).then(() => null)"
        page.evaluate(script, [f"ml-jupyter:{command}", arguments])
        expect(page.locator(".jp-ml-main:not(.lm-mod-hidden)")).to_contain_text(shown)
        _picture(page, name)


def _picture(page: Page, name: str) -> None:
    _still(page)
    page.add_style_tag(content=".Toastify { display: none }")  # runs end meanwhile
    page.screenshot(path=IMAGES / f"{name}.png")


def _still(page: Page) -> None:
    """Wait until nothing is loading, and the pointer shows no tip."""
    page.mouse.move(700, 880)
    expect(page.locator("[aria-busy=true]:visible")).to_have_count(0)


if __name__ == "__main__":
    main()
