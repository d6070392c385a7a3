"""The real yaml-language-server completes and checks job files with the schemas."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .language_server import LanguageServer

#: What jupyterlab-lsp starts where it is installed.
PACKAGE = "yaml-language-server@1.19.2"
JOB = """\
type: command
command: python main.py
distribution: {type: pytorch}
instances: 2
inputs:
  table:
    mode: teleport
"""
SWEEP = """\
# yaml-language-server: $schema=SCHEMA
trial: {command: python main.py}
search_space:
  lr: {type: uniform, min_value: 0, max_value: 1}
objective: {primary_metric: loss, goal: minimize}
early_termination:
  type: bandit
"""

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server, installed from npm."""
    folder = tmp_path_factory.mktemp("language-server")
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE],
        timeout=300,
        check=True,
    )
    return folder / "node_modules/.bin/yaml-language-server"


@pytest.fixture
def server(program: Path, tmp_path: Path) -> Iterator[LanguageServer]:
    """The server with the setting that ``mlj job schema --editor`` prints."""
    printed = subprocess.run(
        [sys.executable, "-m", "ml_jupyter.cli.main", "job", "schema", "--editor"],
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    schemas = json.loads(printed)["yaml.schemas"]
    options = {"schemas": schemas, "validate": True, "completion": True, "format": {}}
    running = LanguageServer([str(program), "--stdio"], {"yaml": options})
    running.start(tmp_path)
    yield running
    running.close()


def test_keys_and_values_are_completed_and_mistakes_underlined(server, tmp_path):
    path = tmp_path / "job.yml"
    path.write_text(JOB + " " * 4 + "\n\n", "utf-8")
    told = {(item["range"]["start"]["line"], item["message"]) for item in server.open(path)}
    assert any(line == 3 and "instances" in said for line, said in told), told
    assert any(line == 6 for line, _ in told), told
    assert {line for line, _ in told} == {3, 6}
    assert {"optional", "path", "type"} <= server.complete(path, 7, 4)
    assert {"compute", "environment", "limits"} <= server.complete(path, 8, 0)
    assert {"mount", "download", "direct"} <= server.complete(path, 6, 10)


def test_a_comment_in_the_file_names_the_schema(server, tmp_path):
    wanted = ["--query", "[?kind=='sweep'].file", "-o", "tsv"]
    listed = subprocess.run(
        [sys.executable, "-m", "ml_jupyter.cli.main", "job", "schema", *wanted],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    path = tmp_path / "anything.yml"
    path.write_text(SWEEP.replace("SCHEMA", listed.stdout.strip()) + "  \n", "utf-8")
    server.open(path)
    assert {"slack_factor", "evaluation_interval"} <= server.complete(path, 7, 2)
