"""Runs as one HTML file: what goes in, what is cut, and that it says so."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Run, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.export import content, page
from ml_jupyter.sdk.export.blobs import Blobs
from ml_jupyter.testing.isolation import isolated

ELEMENT = re.compile(r'<script type="application/gzip" id="([\w-]+)">([^<]*)</script>')


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with isolated(tmp_path / "world") as found:
        yield found


@pytest.fixture
def experiment(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    program = tmp_path / "export.js"
    program.write_text("start()", "utf-8")
    monkeypatch.setattr("ml_jupyter.sdk.export.document.BUNDLE", program)
    return Experiment(Workspace.create("lab"), "digits")


def started(experiment: Experiment) -> Run:
    return experiment.start_logging(outputs=False, snapshot_directory=None)


def exported(run: Run, folder: Path, *others: Run) -> tuple[dict[str, Any], dict[str, bytes]]:
    text = Path(run.export_html(folder / "run.html", others)).read_text("utf-8")
    blobs = {n: gzip.decompress(base64.b64decode(t)) for n, t in ELEMENT.findall(text)}
    return json.loads(blobs.pop("ml-jupyter-runs")), blobs


def test_all_that_a_run_has_is_in_the_file(experiment: Experiment, tmp_path: Path) -> None:
    run = started(experiment)
    run.log_list("loss", [1.0, float("nan"), 0.5])
    file = tmp_path / "a.txt"
    file.write_text("</script><img src=x>")
    run.upload_file("user_logs/std_log.txt", str(file))
    run.upload_file("outputs/a.txt", str(file))
    run.complete()
    data, blobs = exported(run, tmp_path)
    (found,) = data["runs"]
    assert found["run"]["status"] == "Completed"
    assert found["metrics"][0]["values"] == [1.0, "NaN", 0.5]
    log = found["logs"]["user_logs/std_log.txt"]
    assert blobs[log["blob"]] == b"</script><img src=x>"
    (output,) = [item for item in found["files"]["files"] if item["path"] == "outputs/a.txt"]
    assert blobs[output["blob"]] == b"</script><img src=x>"
    assert data["cut"] == []


def test_what_is_too_much_is_cut_and_said(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "LOG_BYTES", 1000)
    monkeypatch.setattr(content, "FILE_BYTES", 10)
    monkeypatch.setattr(content, "MOST_POINTS", 100)
    run = started(experiment)
    run.log_list("loss", list(range(500)))
    log = tmp_path / "log.txt"
    log.write_text("".join(f"line {n}\n" for n in range(500)))
    run.upload_file("user_logs/std_log.txt", str(log))
    run.upload_file("outputs/large.bin", str(log))
    run.complete()
    data, blobs = exported(run, tmp_path)
    (found,) = data["runs"]
    tail = found["logs"]["user_logs/std_log.txt"]
    assert tail["end"] - tail["start"] == len(blobs[tail["blob"]]) <= 1000
    assert blobs[tail["blob"]].startswith(b"line ")
    assert len(found["metrics"][0]["values"]) <= 100
    words = " ".join(data["cut"])
    assert "1 of 1 metrics are thinned to 100 points" in words
    assert "of user_logs/std_log.txt the last" in words
    assert "1 files are too large and only listed" in words


def test_the_last_good_run_goes_along_with_its_code(experiment: Experiment, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for rate in (1, 2):
        (source / "train.py").write_text(f"rate = {rate}\n")
        run = experiment.start_logging(outputs=False, snapshot_directory=source)
        run.complete()
    data, blobs = exported(run, tmp_path)
    (before,) = data["before"]
    assert blobs[before["code"]["files"][0]["blob"]] == b"rate = 1\n"
    assert blobs[data["runs"][0]["code"]["files"][0]["blob"]] == b"rate = 2\n"


def test_the_page_asks_nobody_and_runs_one_script(experiment: Experiment, tmp_path: Path) -> None:
    run = started(experiment)
    run.complete()
    text = Path(run.export_html(tmp_path / "run.html")).read_text("utf-8")
    assert re.findall(r"(?:src|href)=", text) == []
    assert len(re.findall("<script>", text)) == 1
    assert "default-src &#x27;none&#x27;; script-src &#x27;sha256-" in text


def test_equal_contents_are_there_once_and_room_is_limited() -> None:
    blobs = Blobs("file", 10)
    assert blobs.add(b"123456") == blobs.add(b"123456") == "file-0"
    assert blobs.add(b"another") is None
    assert len(blobs.taken()) == 1


def test_what_cannot_be_exported_is_refused(experiment: Experiment, tmp_path: Path) -> None:
    run = started(experiment)
    run.complete()
    other = started(Experiment(Workspace.create("other"), "digits"))
    other.complete()
    with pytest.raises(UserErrorException, match="several workspaces"):
        run.export_html(tmp_path / "a.html", [other])
    with pytest.raises(UserErrorException, match="no folder"):
        run.export_html(tmp_path / "missing" / "a.html")
    with pytest.raises(UserErrorException, match="51 runs"):
        page(run._workspace._folder, [run._folder] * 51)
