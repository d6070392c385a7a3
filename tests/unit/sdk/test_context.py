"""``Run.get_context()`` outside a job, and the offline run (surface 4.4)."""

from __future__ import annotations

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import RunEnvironmentException, UserErrorException


def test_outside_a_job_the_run_is_offline(
    experiment: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unfinished interactive run is not the context."""
    live = experiment.start_logging(outputs=False, snapshot_directory=None)
    run = Run.get_context()
    assert run.id.startswith("OfflineRun_")
    assert Run.get_context() is run
    capsys.readouterr()
    run.log("loss", 0.5, step=3)
    run.log_row("row", a=1)
    run.tag("quality", "great")
    run.add_properties({"a": 1})
    run.upload_file("x", "y")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Attempted to log: loss, 0.5, step 3"
    assert len(lines) == 5
    assert (run.parent, run.get_metrics(), run.get_file_names()) == (None, {}, [])
    with pytest.raises(UserErrorException, match="no experiment"):
        _ = run.experiment
    child = run.child_run()
    assert child.id != run.id
    assert child.parent is run
    live.complete()


def test_offline_is_a_context_manager_and_children_are_a_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Run.get_context() as run:
        run.log("x", 1)
    assert len(run.create_children(count=2)) == 2
    assert len(run.create_children(tag_key="a", tag_values=[1, 2, 3])) == 3
    assert list(run.get_children()) == []
    assert "offline" in run._repr_html_()
    assert "Attempted to log: x, 1" in capsys.readouterr().out


def test_offline_can_be_refused() -> None:
    with pytest.raises(RunEnvironmentException, match="submit"):
        Run.get_context(allow_offline=False)
