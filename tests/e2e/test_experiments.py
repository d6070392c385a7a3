"""The page of experiments, and what pages tell of runs, as a person sees them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import grave
from tests.e2e.lab import Lab, eventually
from tests.e2e.views import START_MS, STEP_MS, LabPage

pytestmark = pytest.mark.e2e

PREPARE = """
from ml_jupyter.core import Experiment, Workspace

workspace = Workspace.from_config()
for name, losses in {"digits": (0.5, 0.2, 0.9), "faces": (0.4,)}.items():
    for number, loss in enumerate(losses):
        run = Experiment(workspace, name).start_logging(outputs=None, snapshot_directory=None)
        run.display_name = f"{name}-{number}"
        run.log("loss", loss * 2)
        run.log("loss", loss)
        run.tag("fold", str(number))
        run.add_properties({"param.lr": ("1e-2", "0.1", "auto")[number]})
        run.complete()
"""

END = """
from ml_jupyter.core import Experiment, Workspace

experiment = Experiment(Workspace.from_config(), "told")
run = experiment.start_logging(outputs=None, snapshot_directory=None)
run.display_name = {name!r}
run.{how}
"""


@pytest.fixture
def view(lab: Lab, watch, page: Page) -> LabPage:
    lab.python(PREPARE)
    return LabPage(page, lab)


def experiments(page: Page) -> Locator:
    """The page of experiments in front."""
    return page.locator(".jp-ml-xp")


def names(page: Page) -> list[str]:
    """Names of the runs in the table, from above."""
    cells = experiments(page).locator("[data-run] [role=gridcell]:nth-child(2) [data-text]")
    return cells.all_inner_texts()


def shown(page: Page, expected: list[str]) -> None:
    """Wait until the table has these runs in this order."""
    eventually(lambda: names(page) == expected, STEP_MS / 1000, lambda: f"shown: {names(page)}")


def test_experiments_are_found_described_and_looked_into(view):
    view.open("lab?experiments")
    page, there = view.page, experiments(view.page)
    digits = there.get_by_role("row", name=re.compile("digits"))
    expect(digits).to_contain_text("loss 0.2000", timeout=START_MS)
    digits.get_by_role("button", name="Description of digits").click()
    page.keyboard.type("Handwritten numbers")
    page.keyboard.press("Enter")
    there.get_by_role("searchbox").fill("handwritten")
    expect(there.get_by_role("rowheader")).to_have_text(["digits"])

    there.get_by_role("button", name="digits", exact=True).click()
    shown(page, ["digits-2", "digits-1", "digits-0"])
    there.get_by_role("button", name="Columns").click()
    page.get_by_role("dialog", name="Columns").get_by_label("loss").check()
    page.keyboard.press("Escape")
    there.get_by_role("button", name="loss").first.click()
    shown(page, ["digits-2", "digits-0", "digits-1"])
    there.get_by_role("searchbox").fill("metric:loss<0.6")
    page.keyboard.press("Enter")
    shown(page, ["digits-0", "digits-1"])

    there.get_by_role("button", name="Columns").click()
    page.get_by_role("dialog", name="Columns").get_by_label("lr").check()
    page.keyboard.press("Escape")
    there.get_by_role("searchbox").fill("param:lr>0")
    page.keyboard.press("Enter")
    expect(there.get_by_role("button", name="param: lr>0")).to_be_visible(timeout=STEP_MS)
    there.get_by_role("columnheader", name="lr").get_by_role("button").press("Enter")
    shown(page, ["digits-1", "digits-0"])
    expect(there.get_by_role("columnheader", name="lr")).to_have_attribute(
        "aria-sort", "descending"
    )
    there.get_by_role("columnheader", name="lr").get_by_role("button").press("Enter")
    shown(page, ["digits-0", "digits-1"])

    there.get_by_role("button", name="Chart", exact=True).click()
    page.get_by_role("menuitemcheckbox", name="loss").click()
    expect(there.locator(".jp-ml-chart canvas")).to_be_visible(timeout=STEP_MS)
    view.reload(kept='"experiment": "digits"')
    shown(page, ["digits-0", "digits-1"])
    expect(there.locator(".jp-ml-chart canvas")).to_be_visible(timeout=STEP_MS)

    there.locator("[data-run]").first.dblclick()
    expect(page.get_by_role("tab", name="Details")).to_be_visible(timeout=STEP_MS)
    assert page.evaluate("String(document.getSelection())") == ""


def test_a_view_is_saved_shared_by_a_link_and_deleted(view, lab, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.open("lab?experiment=digits")
    page, there = view.page, experiments(view.page)
    there.get_by_role("button", name="Chart", exact=True).click(timeout=START_MS)
    page.get_by_role("menuitem", name="Scatter").click()
    scatter = there.get_by_role("figure", name="loss against lr")
    expect(scatter.get_by_role("group", name=re.compile("3 points"))).to_be_visible()
    assert not grave(page, ".jp-ml-xp")
    there.get_by_role("searchbox").fill("tag:fold=1")
    page.keyboard.press("Enter")
    shown(page, ["digits-1"])
    there.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Second fold")
    page.keyboard.press("Enter")
    expect(there.get_by_text("Second fold")).to_be_visible(timeout=STEP_MS)
    there.get_by_role("button", name="Copy link").click()
    expect(there.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "experiment=digits&view=" in link

    page.evaluate("localStorage.clear()")
    other = context.new_page()
    other.goto(link)
    LabPage(other, lab).wait_until_started()
    shown(other, ["digits-1"])
    expect(experiments(other).get_by_role("figure", name="loss against lr")).to_be_visible()
    experiments(other).get_by_role("button", name="More", exact=True).click()
    other.get_by_role("menuitem", name="Delete the view").click()
    other.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(experiments(other).get_by_text("Second fold")).to_have_count(0, timeout=STEP_MS)
    views = lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/views?kind=experiments")
    assert views["views"] == []


def test_the_menu_and_the_keys_lead_to_the_page(view):
    view.open()
    page = view.page
    runs = page.locator(".lm-Menu-item", has=page.get_by_text("Runs", exact=True))

    def opened() -> bool:
        """JupyterLab fills its menus from the settings, after it has started."""
        page.keyboard.press("Escape")
        page.locator("#jp-MainMenu").get_by_role("menuitem", name="View", exact=True).click()
        return runs.count() == 1

    eventually(opened, STEP_MS / 1000, "no menu of runs")
    runs.hover()
    entry = page.locator(".lm-Menu-item", has=page.get_by_text("Experiments", exact=True))
    expect(entry).to_contain_text("Alt+Shift+E")
    entry.click()
    expect(experiments(page).get_by_role("rowheader")).to_have_count(2, timeout=STEP_MS)
    experiments(page).get_by_role("button", name="faces", exact=True).click()
    shown(page, ["faces-0"])
    page.keyboard.press("Alt+Shift+E")
    expect(experiments(page).get_by_role("rowheader")).to_have_count(2, timeout=STEP_MS)


def test_two_pages_tell_once_of_each_end(view, lab, context):
    pages = [view.page, context.new_page()]
    for page in pages:
        with page.expect_response(re.compile("/activity")):
            LabPage(page, lab).open()
    for name, how, word in (
        ("first", "complete()", "completed"),
        ("second", "fail('Out of coffee.')", "failed"),
    ):
        lab.python(END.format(name=name, how=how))
        told = [page.locator(".Toastify__toast", has_text=f"{name} ") for page in pages]
        eventually(
            lambda told=told: sum(one.count() for one in told) > 0,
            STEP_MS / 1000,
            f"nobody told of {name}",
        )
        assert sum(one.count() for one in told) == 1
        (one,) = [found for found in told if found.count()]
        expect(one).to_contain_text(word)
    one.get_by_role("button", name="Open run").click()
    opened = [page.locator(".jp-ml-page h1", has_text="second") for page in pages]
    eventually(lambda: any(head.count() for head in opened), STEP_MS / 1000, "no page opened")
