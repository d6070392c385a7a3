"""Beside jupyter-collaboration and jupyter-server-nbmodel: shared documents, server-side cells."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.lab import Lab
from tests.e2e.views import LabPage, says
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.full]

PACKAGES = ("jupyter-collaboration>=4", "jupyter-server-nbmodel")
CELLS = (
    """from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.widgets import RunDetails

arguments = ["--epochs", 60, "--pause", 0.2]
config = ScriptRunConfig("quickstart", "train.py", arguments=arguments)
run = Experiment(Workspace.from_config(), "shared").submit(config)""",
    "RunDetails(run).show()",
    "run.wait_for_completion()['status']",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the two packages on top of everything that this one has."""
    folder = tmp_path_factory.mktemp("collaboration") / "env"
    venv.create(folder, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    script = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [python, "-c", script], capture_output=True, text=True, check=True
    ).stdout.strip()
    # As a site folder, so that the .pth file of an editable installation in it counts too.
    below = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (Path(packages) / "below.pth").write_text(below, "utf-8")
    subprocess.run([python, "-m", "pip", "install", "-qq", *PACKAGES], check=True, timeout=600)
    (folder / "bin" / "jupyter-lab").write_text(
        f"#!{python}\nimport sys\nfrom jupyterlab.labapp import main\nsys.exit(main())\n", "utf-8"
    )
    (folder / "bin" / "jupyter-lab").chmod(0o755)
    return python


@pytest.fixture
def shared(start_lab, program: Path) -> Lab:
    """A JupyterLab with both extensions, and ours from the environment below it."""
    below = Path(sys.prefix)
    variables = {
        "JUPYTER_PATH": str(below / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(below / "etc" / "jupyter"),
        "JUPYTERLAB_DIR": str(below / "share" / "jupyter" / "lab"),
        "PATH": os.pathsep.join([str(program.parent), str(below / "bin"), os.environ["PATH"]]),
    }
    lab: Lab = start_lab(program=str(program), variables=variables)
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, lab.notebooks / "shared.ipynb")
    return lab


@pytest.fixture
def view(context: BrowserContext, page: Page, shared: Lab) -> Iterator[LabPage]:
    watch = Watch(context, shared.origin)
    yield LabPage(page, shared)
    watch.check()


def test_a_shared_notebook_shows_its_run_live_and_again(view: LabPage, context: BrowserContext):
    log = view.lab.log.read_text("utf-8")
    for name in ("jupyter_server_ydoc", "jupyter_server_nbmodel", "ml_jupyter"):
        assert f"{name} | extension was successfully loaded" in log

    view.open_notebook("shared.ipynb")
    view.run_all()
    says(view.show_widget(), "Running")

    second = LabPage(context.new_page(), view.lab)
    second.open_notebook("shared.ipynb", idle=False)
    says(second.show_widget(), "Running")

    view.page.close()
    says(second.show_widget(), "Completed", 60_000)
    result = second.cell("wait_for_completion").locator(".jp-OutputArea-output")
    expect(result).to_contain_text("Completed", timeout=30_000)

    second.page.reload()
    second.wait_until_started()
    second.open_notebook("shared.ipynb")
    says(second.show_widget(), "Completed")
