"""axe finds nothing serious in any view, in light and in dark; each is kept as a picture."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect

from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan
from tests.e2e.axe import grave
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.pictures import keep
from tests.e2e.views import STEP_MS, LabPage

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PLAN = WorkspacePlan(runs=40, live=2, huge_log_bytes=100_000)
TABS = ("Overview", "Metrics", "Log", "Files", "Children", "System", "Code", "Environment")
SIDEBAR, RUN_PAGE, WIDGET = "#ml-jupyter-runs", ".jp-ml-main:not(.lm-mod-hidden)", ".jp-ml-widget"
#: Commands that open pages of their own, and what each is given; runs by their names.
PAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("show-experiments", {}),
    ("show-experiments", {"experiment": "digits"}),
    ("open-queue", {}),
    ("show-models", {}),
    ("compare-runs", {"runs": ["plain", "failed", "not-numbers"]}),
)
#: What each remarkable run has that the plain one has not, as the tab that shows it.
SPECIAL = (
    ("failed", "Overview"),
    ("live", "Overview"),
    ("queued", "Overview"),
    ("sweep", "Children"),
    ("right-to-left", "Metrics"),
    ("not-numbers", "Metrics"),
    ("long-names", "Overview"),
)


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def theme(request, lab: Lab) -> str:
    settings = lab.place / "settings" / "@jupyterlab" / "apputils-extension"
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": request.param}))
    return request.param


@pytest.fixture
def made(lab: Lab) -> GeneratedWorkspace:
    made = fill(lab, PLAN)
    with made.hold():
        yield made


@pytest.fixture
def view(lab_page: Page, lab: Lab, theme: str) -> LabPage:
    view = LabPage(lab_page, lab)
    write_notebook(lab)
    view.open_notebook("shown.ipynb")
    expect(view.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
    return view


def write_notebook(lab: Lab) -> None:
    """A notebook that shows the plain run."""
    source = (
        "from ml_jupyter.core import Run, Workspace\nfrom ml_jupyter.widgets import RunDetails\n"
        "RunDetails(Run.get(Workspace.from_config(), 'plain')).show()"
    )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cell = nbformat.v4.new_code_cell(source)
    book = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    nbformat.write(book, lab.notebooks / "shown.ipynb")


def open_at(view: LabPage, run_id: str, tab: str) -> None:
    """Open a run at a tab, and wait until nothing in it is loading."""
    execute(view, "open-run", {"run": run_id})
    view.tab(tab)
    settle(view)


def execute(view: LabPage, command: str, args: dict[str, Any]) -> None:
    """Execute one of our commands, as the palette does."""
    script = "([id, args]) => window.jupyterapp.commands.execute(id, args).then(() => null)"
    view.page.evaluate(script, [f"ml-jupyter:{command}", args])


def settle(view: LabPage) -> None:
    """Wait until nothing is loading any more."""
    expect(view.page.locator("[aria-busy=true]:visible")).to_have_count(0, timeout=STEP_MS)


def test_axe_finds_nothing_serious(view: LabPage, made: GeneratedWorkspace, theme: str) -> None:
    found: dict[str, list[str]] = {}
    view.run_all()
    expect(view.show_widget()).to_contain_text("baseline")
    found["widget"] = grave(view.page, WIDGET)
    keep(view.page, theme, "widget")
    view.show_sidebar()
    expect(view.row("plain")).to_be_visible()
    found["sidebar"] = grave(view.page, SIDEBAR)
    for run_id, tab in [*(("plain", tab) for tab in TABS), *SPECIAL]:
        open_at(view, made.run_id(run_id), tab)
        found[f"{run_id}: {tab}"] = grave(view.page, RUN_PAGE)
        keep(view.page, theme, run_id, tab)
    for command, args in PAGES:
        runs = [made.run_id(name) for name in args.get("runs", [])]
        execute(view, command, {**args, **({"runs": runs} if runs else {})})
        settle(view)
        page = f"{command} {args.get('experiment', '')}"
        found[page] = grave(view.page, RUN_PAGE)
        keep(view.page, theme, page)
    assert len(found) == 2 + len(TABS) + len(SPECIAL) + len(PAGES)
    said = [f"{place}\n  {text}" for place, texts in found.items() for text in texts]
    assert not said, "\n\n" + "\n\n".join(said)


def test_axe_sees_what_it_is_there_for(page: Page) -> None:
    page.set_content("<main><button></button><p style='color:#bbb;background:#fff'>pale</p></main>")
    said = "\n".join(grave(page, "main"))
    assert "button-name" in said
    assert "color-contrast" in said
