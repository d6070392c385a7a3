"""The quickstart in a real browser: live, then found again after every kind of restart."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import eventually
from tests.e2e.views import LabPage, drawn, says

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

EPOCHS = 40
TRAIN_S = 90


@pytest.fixture
def view(lab_page, lab) -> LabPage:
    return LabPage(lab_page, lab)


def _training(view: LabPage) -> str:
    """Id of the quickstart's training run, once it was submitted."""
    runs = eventually(
        lambda: view.lab.runs(tag="tutorial=quickstart"), TRAIN_S, "the training was not submitted"
    )
    return str(runs[0]["id"])


def _same_run_everywhere(view: LabPage, run_id: str) -> None:
    """The widget, the sidebar and the run's page show the completed run with all its points."""
    says(view.show_widget(), "Completed")
    view.show_sidebar()
    expect(view.row(run_id).get_by_role("gridcell")).to_have_attribute(
        "aria-label", re.compile("Completed")
    )
    view.open_run(run_id)
    view.tab("Metrics")
    for metric in ("train_loss", "val_loss", "val_accuracy"):
        expect(view.chart(metric)).to_have_attribute(
            "aria-label", re.compile(rf"^{metric}, {EPOCHS} points, ")
        )
    assert drawn(view.chart("val_accuracy"))


def _tensorboard_shows_every_epoch(view: LabPage) -> None:
    with view.page.expect_response(re.compile("/timeSeries$"), timeout=60_000) as asked:
        view.tab("TensorBoard")
    (series,) = asked.value.json()
    assert [len(points) for points in series["runToSeries"].values()] == [EPOCHS]
    for tag in ("train_loss", "val_accuracy"):
        expect(view.tensorboard().get_by_text(tag).first).to_be_visible()


def test_quickstart_live_and_after_restarts(view: LabPage):
    view.open_notebook("quickstart.ipynb")
    expect(view.show_sidebar()).to_contain_text("No runs yet")
    view.run_all()
    run_id = _training(view)

    says(view.show_widget(), "Running")
    expect(view.row(run_id)).to_be_visible()
    says(view.widget(), "Completed", TRAIN_S * 1000)
    view.wait_for_kernel(TRAIN_S * 1000)
    last = view.show_cell("print(long_run.get_status())").locator(".jp-OutputArea-output")
    expect(last).to_contain_text("Canceled", timeout=TRAIN_S * 1000)

    view.open_run(run_id)
    _tensorboard_shows_every_epoch(view)

    view.page.get_by_role("tab", name=re.compile("quickstart.ipynb")).click()
    view.save()
    view.page.reload()
    view.wait_until_started()
    view.open_notebook("quickstart.ipynb")
    _same_run_everywhere(view, run_id)

    view.open_notebook("quickstart.ipynb")
    view.restart_kernel()
    _same_run_everywhere(view, run_id)

    view.lab.stop()
    view.lab.start()
    view.open_notebook("quickstart.ipynb")
    _same_run_everywhere(view, run_id)
