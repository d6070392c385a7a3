"""The trials of a real sweep on its page, while it runs and after it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab
from tests.e2e.views import STEP_MS, LabPage

pytestmark = pytest.mark.e2e

SWEEP = """
from pathlib import Path
from ml_jupyter import Experiment, HyperDriveConfig, ScriptRunConfig, Workspace
from ml_jupyter.train.hyperdrive import GridParameterSampling, PrimaryMetricGoal, choice

folder = Path("jobs/sweep")
folder.mkdir(parents=True, exist_ok=True)
(folder / "train.py").write_text('''
import os, sys, time
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
from ml_jupyter import Run
run = Run.get_context()
lr = float(given["--lr"])
run.log("loss", lr + 0.5)
while lr == 0.8 and given["--kind"] == "c" and not os.path.exists(given["--go"]):
    time.sleep(0.05)
run.log("loss", lr)
''')
job = ScriptRunConfig(str(folder), "train.py", ["--go", str(Path("go").resolve())])
space = {"lr": choice(0.1, 0.2, 0.4, 0.8), "kind": choice("a", "b", "c")}
config = HyperDriveConfig(
    GridParameterSampling(space), "loss", PrimaryMetricGoal.MINIMIZE, 12, 2, run_config=job
)
run = Experiment(Workspace.from_config(), "search").submit(config)
run.display_name = "search"
print(run.id)
"""
#: Twelve trials, two at a time, each a process of its own.
TRIALS_MS = 90_000


def test_the_trials_of_a_sweep_are_seen_while_it_runs(lab: Lab, lab_page) -> None:
    view = LabPage(lab_page, lab)
    sweep = lab.python(SWEEP).split()[-1]
    view.open()
    page = view.open_run(sweep)
    view.tab("Trials")
    expect(page.get_by_text(re.compile(r"^11 of 12, 1 under way"))).to_be_visible(timeout=TRIALS_MS)
    best = page.locator("tr.jp-ml-strong")
    expect(best).to_contain_text("0.1000")
    expect(page.get_by_role("img", name=re.compile("^loss by trial: 12 trials"))).to_be_visible()
    expect(page.locator(".jp-ml-importance")).to_contain_text("PED-ANOVA", timeout=STEP_MS)
    expect(page.locator(".jp-ml-importance dt").first).to_have_text("lr")
    (lab.notebooks / "go").touch()
    expect(page.get_by_text(re.compile(r"^12 of 12$"))).to_be_visible(timeout=STEP_MS)
    trials = page.get_by_role("region", name="Trials")
    expect(trials.get_by_role("row")).to_have_count(13)
    trials.get_by_role("button", name=re.compile("^lr")).click()
    trials.get_by_role("button", name=re.compile("^lr")).click()
    expect(trials.get_by_role("row").nth(1)).to_contain_text("0.8")
    best.get_by_role("button").click()
    expect(view.run_page.get_by_role("tab", name="Overview")).to_be_visible(timeout=STEP_MS)
    expect(view.run_page.locator(f'[data-run="{sweep}"]')).to_have_count(0)
