"""Metrics as users log and read them (surface 4.5)."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.index import Index


@pytest.fixture
def run(experiment: Experiment) -> Iterator[Run]:
    found = experiment.start_logging(outputs=False, snapshot_directory=None)
    yield found
    found.complete()


def test_one_value_is_bare_and_more_are_a_list(run: Run) -> None:
    """Surface 9.2."""
    run.log("message", "Hello from run!")
    run.log_list("x", [3])
    run.log_list("y", [1, 2])
    run.log("y", 3)
    run.log_list("empty", [])
    assert run.get_metrics() == {"message": "Hello from run!", "x": 3, "y": [1, 2, 3]}
    assert run.get_metrics("x") == {"x": 3}
    assert run.get_metrics(name="unknown") == {}


def test_chunks_of_a_list_are_one_list(run: Run) -> None:
    values = [float(i) for i in range(10_000)]
    run.log_list("long", values[:250])
    run.log_list("long", (value for value in values[250:]))
    assert run.get_metrics()["long"] == values


def test_kinds_survive(run: Run) -> None:
    run.log_list("mixed", [1, 2.5])
    run.log_list("whole", [1, 2**70])
    run.log_list("text", [1, 2.5, "three"])
    run.log_list("flags", [True, None])
    run.log_list("odd", [math.inf, -math.inf])
    run.log("nan", math.nan)
    metrics = run.get_metrics()
    assert metrics["mixed"] == [1.0, 2.5]
    assert [type(value) for value in metrics["mixed"]] == [float, float]
    assert metrics["whole"] == [1, 2**70]
    assert metrics["text"] == [1, 2.5, "three"]
    assert type(metrics["text"][0]) is int
    assert metrics["flags"] == [True, None]
    assert metrics["odd"] == [math.inf, -math.inf]
    assert math.isnan(metrics["nan"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.array(2.0), 2.0),
        (np.str_("text"), "text"),
    ],
)
def test_numpy_scalars_become_python_ones(run: Run, value: Any, expected: Any) -> None:
    run.log("x", value)
    assert run.get_metrics()["x"] == expected
    assert type(run.get_metrics()["x"]) is type(expected)


def test_arrays_are_lists(run: Run) -> None:
    run.log_list("a", np.arange(3))
    assert run.get_metrics()["a"] == [0, 1, 2]
    with pytest.raises(UserErrorException, match="log_list"):
        run.log_list("b", np.zeros((2, 2)))


def test_other_objects_are_stored_as_their_text(run: Run) -> None:
    with pytest.warns(UserWarning, match="complex"):
        run.log("z", 1 + 2j)
    assert run.get_metrics()["z"] == "(1+2j)"


@pytest.mark.parametrize("value", [[1], (1,), range(2), {"a": 1}, {1}, iter([1]), np.zeros(3)])
def test_log_refuses_many_values_and_points_to_log_list(run: Run, value: Any) -> None:
    with pytest.raises(UserErrorException, match="log_list"):
        run.log("x", value)
    assert run.get_metrics() == {}


def test_log_list_refuses_one_value(run: Run) -> None:
    with pytest.raises(UserErrorException, match="iterable"):
        run.log_list("x", 3)
    with pytest.raises(UserErrorException, match="iterable"):
        run.log_list("x", "text")


def test_rows_read_back_as_columns(run: Run) -> None:
    """Surface 9.3: the second positional argument is a description."""
    run.log_row("m", "about it", a=1)
    assert run.get_metrics()["m"] == {"a": 1}
    run.log_row("m", a=2, b=0.5)
    assert run.get_metrics()["m"] == {"a": [1, 2], "b": [None, 0.5]}
    with pytest.raises(UserErrorException, match="at least one"):
        run.log_row("m", "nothing")


def test_tables_append(run: Run) -> None:
    run.log_table("t", {"x": 1, "y": "a"})
    assert run.get_metrics()["t"] == {"x": 1, "y": "a"}
    run.log_table("t", {"x": [2, 3], "y": ["b", "c"]})
    assert run.get_metrics()["t"] == {"x": [1, 2, 3], "y": ["a", "b", "c"]}
    with pytest.raises(UserErrorException, match=r"different lengths \(t/x: 1|x: 1, y: 2"):
        run.log_table("t", {"x": [1], "y": [1, 2]})
    with pytest.raises(UserErrorException, match="dict of column"):
        run.log_table("t", [1, 2])


def test_a_name_keeps_the_shape_of_its_first_use(run: Run) -> None:
    run.log("loss", 1.0)
    with pytest.raises(UserErrorException, match="loss"):
        run.log_table("loss", {"x": [1]})
    run.log_row("row", a=1)
    with pytest.raises(UserErrorException, match="row"):
        run.log("row", 1.0)
    with pytest.raises(UserErrorException, match="name"):
        run.log("", 1.0)


def test_steps_and_descriptions(run: Run) -> None:
    run.log("loss", 0.5, description="cross entropy", step=10)
    run.log("loss", 0.25, step=20)
    assert list(run._folder.series("loss").steps) == [10, 20]
    assert run._folder.metric_names()["loss"].description == "cross entropy"
    with pytest.raises(UserErrorException, match="step"):
        run.log("loss", 0.1, step="late")  # type: ignore[arg-type]


def test_recursive_keys_are_run_ids(run: Run) -> None:
    run.log("x", 1)
    with run.child_run() as child:
        child.log("y", 2)
        with child.child_run() as grandchild:
            grandchild.log("z", 3)
    assert run.get_metrics(recursive=True) == {
        run.id: {"x": 1},
        child.id: {"y": 2},
        grandchild.id: {"z": 3},
    }
    assert run.get_metrics("z", recursive=True, run_type="other") == {}


def test_threads_lose_nothing(run: Run) -> None:
    def work(number: int) -> None:
        for i in range(500):
            run.log(f"t{number}", i)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run.get_metrics() == {f"t{number}": list(range(500)) for number in range(8)}


def test_a_thousand_wide_rows(run: Run) -> None:
    row = {f"c{i}": float(i) for i in range(40)}
    for _ in range(1000):
        run.log_row("wide", None, **row)
    run.flush()
    assert run.get_metrics()["wide"]["c39"] == [39.0] * 1000


class Figure:
    """What matplotlib's figures and its pyplot module have in common."""

    def savefig(self, target: str, format: str) -> None:
        Path(target).write_bytes(b"\x89PNG " + format.encode())


def test_images_are_files_of_the_run(run: Run, here: Path) -> None:
    run.log_image("curve of/loss", plot=Figure())
    (here / "photo.jpg").write_bytes(b"jpg")
    run.log_image("photo", path=here / "photo.jpg")
    names = run.get_file_names()
    assert len(names) == 2
    assert names[0].startswith("curve_of_loss_")
    assert names[0].endswith(".png")
    assert names[1].endswith(".jpg")
    prefix = f"aml://artifactId/ExperimentRun/dcid.{run.id}/"
    assert run.get_metrics() == {"curve of/loss": prefix + names[0], "photo": prefix + names[1]}
    run.log_image("photo", path=str(here / "photo.jpg"))
    assert len(run.get_metrics()["photo"]) == 2


def test_images_logged_at_once_keep_a_name_each(run: Run) -> None:
    threads = [
        threading.Thread(target=run.log_image, args=("same",), kwargs={"plot": Figure()})
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(run.get_metrics()["same"])) == 12
    assert len(run.get_file_names()) == 12


@pytest.mark.parametrize("arguments", [{}, {"path": "a.png", "plot": Figure()}])
def test_an_image_is_either_path_or_plot(run: Run, arguments: dict[str, Any]) -> None:
    with pytest.raises(UserErrorException, match="exactly one"):
        run.log_image("i", **arguments)


def test_wrong_images_are_named(run: Run) -> None:
    with pytest.raises(UserErrorException, match=r"no file 'none\.png'"):
        run.log_image("i", path="none.png")
    with pytest.raises(UserErrorException, match="savefig"):
        run.log_image("i", plot=object())
    assert run.get_file_names() == []


def matrix(**changes: Any) -> dict[str, Any]:
    data = {"class_labels": ["a", "b"], "matrix": [[3, 1], [0, 4]], **changes}
    return {"schema_type": "confusion_matrix", "schema_version": "1.0.0", "data": data}


def test_a_confusion_matrix_reads_back_populated(run: Run) -> None:
    run.log_confusion_matrix("cm", matrix())
    assert run.get_metrics()["cm"].startswith("aml://")
    assert run.get_metrics(populate=True)["cm"] == matrix()
    run.log_confusion_matrix("cm", json.dumps(matrix(matrix=np.eye(2).tolist())))
    assert len(run.get_metrics(populate=True)["cm"]) == 2


TABLE = {
    "schema_type": "accuracy_table",
    "schema_version": "1.0.1",
    "data": {
        "probability_tables": [[[1, 2, 3, 4], [4, 3, 2, 1]]],
        "percentile_tables": [[[1, 2, 3, 4]]],
        "class_labels": ["a"],
        "probability_thresholds": [0.1, 0.9],
        "percentile_thresholds": [0.5],
    },
}
RESIDUALS = {
    "schema_type": "residuals",
    "data": {"bin_edges": [0, 1, 2], "bin_counts": [5, 6]},
}
PREDICTIONS = {
    "schema_type": "predictions",
    "data": {
        "bin_averages": [1.0],
        "bin_errors": [0.1],
        "bin_counts": [5],
        "bin_edges": [0, 1],
    },
}


def test_the_other_standard_charts(run: Run) -> None:
    run.log_accuracy_table("at", TABLE)
    run.log_residuals("r", RESIDUALS)
    run.log_predictions("p", PREDICTIONS)
    found = run.get_metrics(populate=True)
    assert found["at"] == TABLE
    assert found["r"]["data"] == RESIDUALS["data"]
    assert found["p"]["data"] == PREDICTIONS["data"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{", "not JSON"),
        (3, "dict or JSON"),
        ({"schema_type": "residuals", "data": {}}, "schema_type must be 'confusion_matrix'"),
        ({"schema_type": "confusion_matrix"}, "'data' must be an object"),
        (matrix(matrix=[[1, 2]]), "not square"),
        (matrix(class_labels=["a"]), "1 class_labels"),
        (matrix(class_labels="ab"), "must be a list"),
    ],
)
def test_wrong_confusion_matrices_are_refused(run: Run, value: Any, message: str) -> None:
    with pytest.raises(UserErrorException, match=message):
        run.log_confusion_matrix("cm", value)
    assert run.get_file_names() == []


def test_wrong_bins_and_tables_are_refused(run: Run) -> None:
    with pytest.raises(UserErrorException, match="one longer"):
        run.log_residuals("r", {**RESIDUALS, "data": {"bin_edges": [1], "bin_counts": [1]}})
    data: dict[str, Any] = {**PREDICTIONS["data"], "bin_errors": []}  # type: ignore[dict-item]
    with pytest.raises(UserErrorException, match="different lengths"):
        run.log_predictions("p", {**PREDICTIONS, "data": data})
    wrong = {**TABLE["data"], "percentile_tables": [[[1, 2]]]}  # type: ignore[dict-item]
    with pytest.raises(UserErrorException, match=r"\[TP, FP, TN, FN\]"):
        run.log_accuracy_table("at", {**TABLE, "data": wrong})


def test_lists_of_runs_show_what_was_logged_after_the_end(
    experiment: Experiment, tmp_path: Path
) -> None:
    run = experiment.start_logging(outputs=False, snapshot_directory=None)
    index = Index(experiment.workspace._folder, tmp_path / "cache")
    run.log("loss", 0.5)
    run.complete()
    assert index.get(run.id).primary["last"] == 0.5
    run.log("loss", 0.25)
    assert index.get(run.id).primary["last"] == 0.25
    later = Run.get(experiment.workspace, run.id)
    later.log_list("loss", [0.125, 0.0625])
    assert (index.get(run.id).primary["last"], index.get(run.id).primary["count"]) == (0.0625, 4)
    index.close()
