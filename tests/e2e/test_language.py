"""The views speak Spanish where JupyterLab does, and nothing in them runs out of its place."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Response, expect

from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.pictures import keep
from tests.e2e.test_accessibility import execute, settle
from tests.e2e.views import LabPage, says

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

TABS = ("overview", "metrics", "log", "files", "children", "system", "code", "environment")
#: Texts that are wider than their place, without an end that says so.
OVERFLOWING = """() => [...document.querySelectorAll('.jp-ml-root *')].filter(node => {
  const { overflowX, display } = getComputedStyle(node);
  return node.offsetParent && overflowX === 'visible' && display !== 'inline'
    && node.clientWidth > 0 && node.scrollWidth > node.clientWidth + 3;
}).map(node => `${node.className}: ${node.textContent.slice(0, 80)}`)"""


@pytest.fixture
def made(lab: Lab) -> GeneratedWorkspace:
    made = fill(lab, WorkspacePlan(runs=20, live=1, huge_log_bytes=10_000))
    with made.hold():
        yield made


@pytest.fixture
def view(lab_page: Page, lab: Lab) -> LabPage:
    settings = lab.place / "settings" / "@jupyterlab" / "translation-extension"
    settings.mkdir()
    (settings / "plugin.jupyterlab-settings").write_text(json.dumps({"locale": "es_ES"}))
    return LabPage(lab_page, lab)


def test_spanish_is_spoken_in_every_view(view: LabPage, made: GeneratedWorkspace) -> None:
    view.open()
    sidebar = view.show_sidebar()
    expect(sidebar).to_contain_text("En curso")
    expect(sidebar).to_contain_text("Esta máquina")
    out: list[str] = []
    for tab in TABS:
        execute(view, "open-run", {"run": made.run_id("plain"), "tab": tab})
        settle(view)
        out += view.page.evaluate(OVERFLOWING)
        keep(view.page, "spanish", tab)
    expect(view.run_page.get_by_role("tab", name="Métricas 4")).to_be_visible()
    says(view.run_page, "Completada")
    execute(view, "open-run", {"run": made.run_id("plain"), "tab": "overview"})
    expect(view.chart("val_accuracy")).to_contain_text("0,7893")
    for command, heading in (
        ("show-experiments", "Experimentos"),
        ("open-queue", "Cola y máquina"),
        ("show-models", "Modelos"),
    ):
        execute(view, command, {})
        settle(view)
        expect(view.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        out += view.page.evaluate(OVERFLOWING)
        keep(view.page, "spanish", command)
    assert out == []


def test_spanish_is_spoken_in_menu_and_settings(view: LabPage) -> None:
    """JupyterLab's server translates neither: it asks language packs alone for schemas' words."""
    view.open()
    view.menu("Ver")
    submenus = view.page.locator(".lm-Menu-item[data-type=submenu]")  # they have no role
    submenus.filter(has_text="Ejecuciones").click()
    view.page.get_by_role("menuitem", name="Experimentos").click()
    expect(view.page.get_by_role("heading", name="Experimentos", exact=True)).to_be_visible()
    script = "window.jupyterapp.commands.execute('settingeditor:open').then(() => null)"
    view.page.evaluate(script)
    editor = view.page.locator("#setting-editor")
    editor.get_by_role("tab", name="Notificaciones de ejecuciones").click()
    form = editor.locator(".jp-SettingsForm")
    mine = form.get_by_role("checkbox", name="Solo mis ejecuciones")
    expect(mine).to_be_checked()
    with view.page.expect_response(is_read_again):
        mine.click()
    editor.get_by_role("tab", name="Ejecuciones", exact=True).click()
    expect(form).to_contain_text("Mostrar esta máquina")
    editor.get_by_role("tab", name="Notificaciones de ejecuciones").click()
    expect(mine).not_to_be_checked()
    expect(form).to_contain_text("Omitir las ejecuciones que otras personas han enviado")


def is_read_again(answer: Response) -> bool:
    """Whether the server sends the settings of notices in English, as after they are saved."""
    path = unquote(answer.url)
    return answer.request.method == "GET" and "api/settings/ml-jupyter:notices" in path
