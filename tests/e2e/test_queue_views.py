"""Why a run waits, what it uses, why it failed and from which code, as a person sees it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ml_jupyter.devices import recording
from tests.e2e.lab import Lab, eventually
from tests.e2e.views import STEP_MS, LabPage, says
from tests.gpu_lab import GB, device

pytestmark = pytest.mark.e2e

PREPARE = """
import os
from pathlib import Path
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.core.runconfig import PyTorchConfiguration

experiment = Experiment(Workspace.from_config(), "views")

def submit(name, script, source, gpu=None, ranks=None):
    folder = Path("jobs") / name
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in source.items():
        (folder / path).write_text(text)
    config = ScriptRunConfig(
        str(folder), script,
        distributed_job_config=ranks and PyTorchConfiguration("Gloo", process_count=ranks),
    )
    if gpu:
        config.run_config.resources.gpu = gpu
    run = experiment.submit(config)
    run.display_name = name
    print(name, run.id)
    return run

WAIT = '''
import os, time
for i in range(600):
    print("rank", os.environ.get("RANK"), "line", i, flush=True)
    time.sleep(0.1)
'''
"""

CHANGE = re.compile(r"^helper\.py \+5 .1$")


@pytest.fixture
def gpus(tmp_path: Path) -> Path:
    """A recording of two GPUs; writing to it changes what the machine has."""
    path = tmp_path / "nvml.json"
    recording.save(str(path), [device(0), device(1)])
    return path


@pytest.fixture
def lab(start_lab, gpus: Path) -> Lab:
    return start_lab(variables={"ML_JUPYTER_NVML": str(gpus)})


@pytest.fixture
def view(lab: Lab, lab_page) -> LabPage:
    return LabPage(lab_page, lab)


def submitted(lab: Lab, *calls: str) -> dict[str, str]:
    """Submit jobs; the id of each by its name."""
    program = PREPARE + "\n".join(textwrap.dedent(call) for call in calls)
    lines = [line.split() for line in lab.python(program).splitlines()]
    return dict(line for line in lines if len(line) == 2)  # type: ignore[misc]


def ended(lab: Lab, run_id: str) -> None:
    """Wait until a run is over."""

    def over() -> bool:
        found = {run["id"]: run["status"] for run in lab.runs()}
        return found.get(run_id) in ("Completed", "Failed")

    eventually(over, 60, f"{run_id} does not end")


def test_a_waiting_run_says_why_and_starts_when_its_gpu_is_given_back(lab, view):
    runs = submitted(
        lab,
        'submit("holder", "a.py", {"a.py": WAIT}, gpu=2)',
        'submit("waiter", "a.py", {"a.py": WAIT}, gpu=1)',
    )
    view.open()
    sidebar = view.show_sidebar()
    row = view.row(runs["waiter"])
    expect(row).to_contain_text("Needs 1 GPU; none of 2 is free", timeout=STEP_MS)
    expect(row).to_contain_text("1st")
    machine = sidebar.get_by_role("region", name="This machine")
    expect(machine).to_contain_text("A100")
    expect(machine.get_by_role("meter", name="GPU 1")).to_have_attribute(
        "aria-valuetext", re.compile("Run holder")
    )
    page = view.open_run(runs["waiter"])
    why = page.get_by_role("region", name="Why")
    expect(why).to_contain_text("First in line. Asks for 1 GPU")
    expect(why.get_by_role("row", name=re.compile("^GPUs 1 0 of 2$"))).to_be_visible()
    lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/runs/{runs['holder']}/cancel", "POST", {})
    says(page, "Running")
    expect(why).to_have_count(0)


def test_a_failed_run_leads_with_its_finding_and_to_the_line_that_broke(lab, view):
    helper = {"train.py": "import helper\n", "helper.py": "print('fine')\n"}
    broken = {**helper, "helper.py": "def go():\n    import cv2\n\n\ngo()\n"}
    runs = submitted(
        lab,
        f'submit("good", "train.py", {helper!r}).wait_for_completion()',
        f'submit("broken", "train.py", {broken!r})',
    )
    ended(lab, runs["broken"])
    view.open()
    page = view.open_run(runs["broken"])
    finding = page.get_by_role("region", name="Why it failed")
    expect(finding.get_by_role("heading", level=2)).to_contain_text(
        "opencv-python", timeout=STEP_MS
    )
    expect(finding.get_by_role("button", name=CHANGE)).to_be_visible()
    finding.get_by_role("button", name="helper.py:2", exact=True).click()
    line = page.locator("[aria-current=location]")
    expect(line).to_contain_text("import cv2")
    view.tab("Log")
    page.locator(".jp-ml-log-lines .jp-ml-log-link").last.click()
    expect(line).to_contain_text("import cv2")
    view.tab("Overview")
    finding.get_by_role("button", name=CHANGE).click()
    changes = page.get_by_role("region", name="Changes in helper.py")
    expect(changes.locator("[data-diff=removed]")).to_contain_text("print('fine')")
    expect(changes.locator("[data-diff=added]")).to_have_count(5)


def test_a_link_leads_to_a_line_of_the_code_and_of_the_log(lab, view):
    source = {"train.py": "for i in range(3000):\n    print('line', i)\n"}
    runs = submitted(lab, f'submit("linked", "train.py", {source!r})')
    ended(lab, runs["linked"])
    view.open(f"lab?run={runs['linked']}&tab=code&file=train.py&line=2")
    expect(view.run_page.locator("[aria-current=location]")).to_contain_text("print('line', i)")
    view.open(f"lab?run={runs['linked']}&tab=log&line=1500")
    row = view.run_page.locator(".jp-ml-log-row", has_text=re.compile(r"^1,500.*line 1499$"))
    expect(row).to_be_in_viewport(timeout=STEP_MS)
    view.run_page.get_by_role("button", name="Show when lines were printed").click()
    expect(row.locator(".jp-ml-log-time")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))


@pytest.mark.full
def test_ranks_have_logs_of_their_own_and_the_job_has_its_use(lab, view):
    runs = submitted(lab, 'submit("ranks", "a.py", {"a.py": WAIT}, ranks=2)')
    view.open()
    page = view.open_run(runs["ranks"])
    says(page, "Running")
    view.tab("Log")
    lines = page.locator(".jp-ml-log-lines")
    expect(lines).to_contain_text("rank 0 line", timeout=STEP_MS)
    expect(lines).to_contain_text("rank 1 line")
    page.get_by_role("toolbar", name="Log").get_by_role("combobox").select_option("Rank 1")
    expect(lines).to_contain_text("rank 1 line")
    expect(lines).not_to_contain_text("rank 0 line")
    view.tab("System")
    expect(page.get_by_role("img", name=re.compile("^Memory: .* of "))).to_be_visible(
        timeout=STEP_MS
    )


@pytest.mark.full
def test_the_notebook_that_holds_a_gpu_can_be_restarted_from_the_page(lab, view, gpus):
    session = lab.api(
        "api/sessions",
        "POST",
        {
            "path": "quickstart.ipynb",
            "name": "quickstart.ipynb",
            "type": "notebook",
            "kernel": {"name": "python3"},
        },
    )
    kernel = session["kernel"]["id"]
    before = eventually(lambda: process_of(kernel), 30, "the kernel does not start")
    recording.save(str(gpus), [device(0, {before: 18 * GB}), device(1)])
    runs = submitted(lab, 'submit("any", "a.py", {"a.py": WAIT})')
    view.open()
    page = view.open_run(runs["any"])
    view.tab("System")
    row = page.get_by_role("row", name=re.compile("Notebook quickstart.ipynb"))
    expect(row).to_contain_text("18.0 GB", timeout=STEP_MS)
    row.get_by_role("button", name="Free GPU 0").click()
    dialog = view.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Restart the kernel of quickstart.ipynb?")
    dialog.get_by_role("button", name="Free GPU 0").click()
    eventually(lambda: process_of(kernel) not in (None, before), 30, "the kernel was not restarted")


def process_of(kernel: str) -> int | None:
    """Process id of a kernel, by the connection file in its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"kernel-{kernel}.json" in path.read_text("utf-8", "replace"):
                return int(path.parent.name)
        except OSError:
            continue
    return None
