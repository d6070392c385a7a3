"""Schemas of job files from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest

from ml_jupyter.cli.main import main
from ml_jupyter.jobfile import schema


def test_a_schema_is_printed_for_an_editor(mlj: Any) -> None:
    assert mlj("job", "schema", "sweep") == schema.document("sweep")


def test_without_a_kind_all_are_listed_with_their_files(mlj: Any) -> None:
    listed = {item["kind"]: Path(item["file"]) for item in mlj("job", "schema")}
    found = {kind: json.loads(path.read_text("utf-8")) for kind, path in listed.items()}
    assert found == {kind: schema.document(kind) for kind in schema.KINDS}


def test_the_setting_of_an_editor_names_files_that_are_there(mlj: Any) -> None:
    ((uri, patterns),) = mlj("job", "schema", "command", "--editor")["yaml.schemas"].items()
    assert Path(unquote(urlparse(uri).path)) == schema.path("command")
    assert "job.yml" in patterns


def test_a_kind_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["job", "schema", "pipeline"]) == 2
    assert "'command', 'sweep', 'environment', 'runconfig'" in capsys.readouterr().err
