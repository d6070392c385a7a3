"""The page of models and services, as a person sees it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import grave
from tests.e2e.lab import Lab, eventually
from tests.e2e.views import START_MS, STEP_MS, LabPage

pytestmark = pytest.mark.e2e

SCORE = """
import os
from pathlib import Path

def init():
    global words
    words = next(Path(os.environ["AZUREML_MODEL_DIR"]).iterdir()).read_text()
    print("loaded", words)

def run(data):
    return words
"""
PREPARE = """
from pathlib import Path
from ml_jupyter import Experiment, Model, ResourceConfiguration, Workspace
from ml_jupyter.core.model import InferenceConfig
from ml_jupyter.core.webservice import LocalWebservice

workspace = Workspace.from_config()
Path("words.txt").write_text("hello")
run = Experiment(workspace, "speech").start_logging(outputs=None, snapshot_directory=None)
run.display_name = "speaker"
run.upload_file("outputs/words.txt", "words.txt")
model = run.register_model("words", model_path="outputs/words.txt", tags={"stage": "test"},
    model_framework="Custom", model_framework_version="1.2", sample_input_dataset=["a", "b"],
    resource_configuration=ResourceConfiguration(cpu=2, memory_in_gb=3))
run.complete()
Model.register(workspace, "words.txt", "words")
service = Model.deploy(workspace, "speaks", [model],
    InferenceConfig("score.py", source_directory="scoring"), LocalWebservice.deploy_configuration())
service.wait_for_deployment()
print(service.state)
"""


@pytest.fixture
def view(lab: Lab, watch, page: Page) -> LabPage:
    (lab.notebooks / "scoring").mkdir()
    (lab.notebooks / "scoring" / "score.py").write_text(SCORE)
    assert lab.python(PREPARE).strip().endswith("Healthy")
    return LabPage(page, lab)


def models(page: Page) -> Locator:
    """The page of models in front."""
    return page.locator(".jp-ml-models")


def confirm(page: Page, question: str) -> None:
    """Answer JupyterLab's question whether to delete."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(question)
    dialog.get_by_role("button", name="Delete").click()


def test_a_model_is_found_looked_at_fetched_and_deleted(view: LabPage, tmp_path: Path):
    view.open("lab?models")
    page, there = view.page, models(view.page)
    row = there.get_by_role("row", name=re.compile("^words"))
    expect(row).to_contain_text("Healthy", timeout=START_MS)
    assert not grave(page, ".jp-ml-models")
    there.get_by_role("button", name="words", exact=True).click()

    versions = there.get_by_role("navigation", name="Versions")
    expect(versions.get_by_role("button")).to_have_count(2)
    versions.get_by_role("button", name=re.compile("Version 1")).click()
    for text in ("Custom 1.2", "stage", '"a",', "Memory, GB", "127.0.0.1"):
        expect(there).to_contain_text(text)
    assert not grave(page, ".jp-ml-models")
    expect(there.get_by_role("button", name="Delete version")).to_be_disabled()
    with page.expect_download() as download:
        there.get_by_role("link", name="Download words.txt").click()
    download.value.save_as(tmp_path / "words.txt")
    assert (tmp_path / "words.txt").read_text() == "hello"
    view.reload(kept='"version": 1')
    expect(there.get_by_role("row", name=re.compile("^speaks"))).to_contain_text("Healthy")

    there.get_by_role("button", name="Log").click()
    expect(view.run_page).to_contain_text("loaded hello", timeout=STEP_MS)
    page.get_by_role("tab", name="words").click()
    there.get_by_role("button", name="Delete the service speaks").click()
    confirm(page, "Delete the service speaks?")
    expect(there.get_by_role("row", name=re.compile("^speaks"))).to_have_count(0, timeout=STEP_MS)
    there.get_by_role("button", name="Delete version").click()
    confirm(page, "Delete version 1 of words?")
    expect(versions.get_by_role("button")).to_have_count(1, timeout=STEP_MS)
    expect(there).to_contain_text("There is no version 1 any more")
    assert not view.lab.api(f"ml-jupyter/workspaces/{view.lab.workspace()}/services")["services"]


def test_a_run_leads_to_its_models_and_back(view: LabPage):
    run = next(one for one in view.lab.runs() if one["display_name"] == "speaker")
    view.open(f"lab?run={run['id']}")
    page, there = view.page, models(view.page)
    page.get_by_role("button", name="words, version 1").click(timeout=START_MS)
    expect(there.get_by_role("button", name=re.compile("Version 1"))).to_have_attribute(
        "aria-current", "true"
    )
    there.get_by_role("button", name=run["id"]).click()
    eventually(
        lambda: page.locator(".jp-ml-page h1", has_text="speaker").is_visible(),
        STEP_MS / 1000,
        "the run's page did not come back",
    )
    page.keyboard.press("Alt+Shift+M")
    expect(there.get_by_role("heading", name="Models")).to_be_visible()
