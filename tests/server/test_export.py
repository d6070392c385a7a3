"""Runs as one HTML file, from the server."""

from __future__ import annotations

import base64
import gzip
import json
import re

import pytest

from ml_jupyter.history import records
from ml_jupyter.sdk.export import document
from ml_jupyter.sdk.export.document import BUNDLE


@pytest.fixture
def run(workspace):
    experiment = workspace.create_experiment("explore")
    found = workspace.create_run(experiment, "run-1", records.SCRIPT, "Running")
    found.metric_log.log_many("loss", [0.5])
    found.set_details(display_name="ex <b>plore")
    return found


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """A program in the place of the built one, which unit tests do without."""
    file = tmp_path / "export.js"
    file.write_text("console.log(1)", "utf-8")
    monkeypatch.setattr(document, "BUNDLE", file)


@pytest.fixture
def ask(fetch, workspace, bundle):
    """Ask for the page of these runs."""

    async def call(*ids: str):
        query = [("runs", item) for item in ids]
        return await fetch("workspaces", workspace.id, "export", params=query)

    return call


async def test_a_page_of_runs_is_an_attachment(ask, run):
    answer = await ask(run.id)
    text = answer.body.decode()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''ex-b-")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src &#x27;none&#x27;" in text
    assert "<title>ex &lt;b&gt;plore" in text
    packed = re.search(r'id="ml-jupyter-runs">([^<]+)</script>', text)
    data = json.loads(gzip.decompress(base64.b64decode(packed.group(1))))
    assert data["runs"][0]["run"]["id"] == run.id
    assert data["runs"][0]["run"]["can_write"] is False


@pytest.mark.parametrize(
    ("ids", "status"), [([], 400), (["missing"], 404), ([f"r{n}" for n in range(51)], 404)]
)
async def test_what_cannot_be_exported_is_refused(ask, run, ids, status):
    assert (await ask(*ids)).status == status


def test_the_program_is_looked_for_where_the_build_puts_it():
    assert BUNDLE.parts[-3:] == ("ml_jupyter", "static", "export.js")
