"""The tutorials do what they say, headless, and can be run twice."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
MIME = "application/vnd.ml-jupyter.run+json"


def printed(notebook, beginning: str) -> str:
    """Everything that the cell with this text in its source printed."""
    (cell,) = [
        cell for cell in notebook.cells if cell.cell_type == "code" and beginning in cell.source
    ]
    return "".join(out.text for out in cell.outputs if out.output_type == "stream")


def displayed(notebook) -> list[dict[str, object]]:
    """The representations of each rich output, in order."""
    return [
        dict(out.data)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for out in cell.outputs
        if out.output_type in ("display_data", "execute_result")
    ]


@pytest.fixture(scope="module")
def names() -> list[str]:
    return sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_quickstart(execute):
    notebook = execute("quickstart.ipynb")
    assert printed(notebook, "wait_for_completion(show_output=True)").endswith("Completed\n")
    log = printed(notebook, "wait_for_completion(show_output=True)")
    assert "epoch  40/40" in log
    best = printed(notebook, 'metrics["val_accuracy"]')
    assert best.startswith("40 epochs, best validation accuracy 0.9")
    files = printed(notebook, "get_file_names").split()
    assert {"outputs/model.joblib", "user_logs/std_log.txt"} <= set(files)
    assert [name for name in files if name.startswith("logs/events.out.tfevents")]
    assert [name for name in files if name.startswith("confusion_")]
    assert float(printed(notebook, "model.score").split()[0]) > 0.9
    assert printed(notebook, "list(sweep.get_children())").startswith("5 child runs")
    assert "learning rates Completed" in printed(notebook, "for found in exp.get_runs")
    assert printed(notebook, "long_run.cancel()").endswith("Canceled\n")


def test_quickstart_shows_the_run_in_every_front_end(execute):
    notebook = execute("quickstart.ipynb")
    (bundle,) = [data for data in displayed(notebook) if MIME in data]
    assert {"text/html", "text/plain", MIME} <= set(bundle)
    snapshot = bundle[MIME]
    assert snapshot["schema"] == 1
    assert snapshot["run"]["experiment"] == "digits"
    assert "<script" not in str(bundle["text/html"]).lower()
    assert len(json.dumps(snapshot)) <= 256 * 1024


def test_data(execute):
    notebook = execute("data.ipynb")
    assert "cultivar-0" in str(displayed(notebook)[0]["text/plain"])
    assert printed(notebook, "strong.to_pandas").startswith("41 strong wines")
    assert printed(notebook, "registered = table.register") == "wine True\n"
    assert printed(notebook, "prepared.wait_for_completion()").endswith("wine-scaled\n")
    assert printed(notebook, "trained = exp.submit").startswith(("accuracy 0.9", "accuracy 1.0"))
    uses = printed(notebook, "registered.get_runs()").splitlines()
    assert uses == ["read True", "written True"]


def test_manage_runs(execute):
    notebook = execute("manage-runs.ipynb")
    assert printed(notebook, "notebook_run.complete()") == "Completed\n"
    assert printed(notebook, "as notebook_run:") == "Running\nCompleted\n"
    stopped = printed(notebook, "local_run.cancel()").split()
    assert stopped[-1] in ("CancelRequested", "Canceled")
    assert printed(notebook, "local_run.wait_for_completion()\n") == "Canceled\n"
    assert printed(notebook, "local_run.fail()") == "Failed\n"
    assert printed(notebook, "the wrong script").endswith("Failed\n")
    assert "child run 4 recorded" in printed(notebook, 'script="hello_with_children.py"')
    family = printed(notebook, 'family.get_metrics()["Status"]')
    assert "Completed ['Launching Apple', 'Launching Banana', 'Launching Orange']" in family
    assert printed(notebook, "recursive=True").count("True") == 3
    assert printed(notebook, '["MyMetric"]').count("Data from child run") == 3
    assert "different-user" in printed(notebook, '"different-user"')
    assert "'worth another look': None" in printed(notebook, 'tag("worth another look")')
    assert len(ast.literal_eval(printed(notebook, "print([run.id"))) == 1


def test_manage_runs_a_second_time(execute):
    execute("manage-runs.ipynb")
    notebook = execute("manage-runs.ipynb")
    assert len(ast.literal_eval(printed(notebook, "print([run.id"))) == 2


def test_tour_has_every_python_block_of_its_model():
    """The calls that the seed document on managing runs shows, in its order."""
    notebook = json.loads((ROOT / "notebooks" / "manage-runs.ipynb").read_text("utf-8"))
    code = "\n".join(
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"
    )
    calls = (
        "ml_jupyter.core.VERSION",
        "Workspace.from_config()",
        "exp.start_logging()",
        "notebook_run.log(",
        "notebook_run.get_status()",
        "notebook_run.get_details()",
        "notebook_run.complete()",
        "with exp.start_logging() as notebook_run",
        "hello_with_delay.py",
        "local_run.cancel()",
        "local_run.fail()",
        "hello_with_children.py",
        "wait_for_completion(show_output=True)",
        "parent_run.child_run()",
        "create_children(",
        "parent_run.get_children()",
        "add_properties(",
        "different-user",
        'tag("quality", "great run")',
        'tag("quality", "fantastic run")',
        'tag("worth another look")',
        "exp.get_runs(properties",
    )
    places = [re.search(re.escape(call), code) for call in calls]
    assert [call for call, place in zip(calls, places, strict=True) if place is None] == []


def test_notebooks_are_kept_without_outputs(names):
    assert {"manage-runs.ipynb", "quickstart.ipynb"} <= set(names)
    for name in names:
        notebook = json.loads((ROOT / "notebooks" / name).read_text("utf-8"))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells), name
