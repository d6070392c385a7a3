"""``mlj data …``: registered, shown, copied and forgotten through the real commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]


def test_data_is_registered_copied_and_forgotten(mlj: Mlj) -> None:
    Path("iris.csv").write_text("a,b\n1,2\n", "utf-8")
    made = mlj("data", "register", "-n", "iris", "-p", "iris.csv", "--tag", "license=cc0")
    assert (made["version"], made["tags"], made["type"]) == (1, {"license": "cc0"}, "file")
    assert made["sources"][0]["value"].endswith("/iris.csv")
    assert mlj("data", "create", "-n", "iris", "-p", "iris.csv")["version"] == 1
    Path("more.csv").write_text("a,b\n3,4\n", "utf-8")
    assert mlj("data", "create", "-n", "iris", "-p", "iris.csv", "-p", "more.csv")["version"] == 2
    assert [(item["name"], item["version"]) for item in mlj("data", "list")] == [("iris", 2)]
    assert mlj("dataset", "show", "-n", "iris", "-v", "1")["version"] == 1
    files = mlj("data", "download", "-n", "iris", "-p", "copied")
    assert [Path(item["file"]).name for item in files] == ["iris.csv", "more.csv"]
    assert Path("copied/iris.csv").read_text("utf-8") == "a,b\n1,2\n"
    mlj("data", "delete", "-n", "iris", "-y")
    assert mlj("data", "list") == []


def test_a_table_is_copied_as_its_rows(
    mlj: Mlj, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pandas")
    Path("a.csv").write_text("x,y\n1,one\n2,zwölf\n", "utf-8")
    made = mlj("data", "register", "-n", "table", "-p", "a.csv", "--type", "delimited")
    assert made["type"] == "tabular"
    files = mlj("data", "download", "-n", "table", "-p", "copied")
    assert files == [{"file": "copied/table.csv"}]
    assert Path("copied/table.csv").read_text("utf-8") == "x,y\n1,one\n2,zwölf\n"
    assert main(["data", "download", "-n", "table", "-p", "copied", "-w", "lab"]) == 2
    assert "--overwrite" in capsys.readouterr().err
    mlj("data", "download", "-n", "table", "-p", "copied", "--overwrite")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["show", "-n", "nothing"], 3, "There is no dataset 'nothing'"),
        (["download", "-n", "nothing"], 3, "There is no dataset"),
        (["register", "-n", "x", "-p", "absent.csv"], 2, "absent.csv"),
        (["register", "-n", "x"], 2, "Missing option"),
        (["delete", "-n", "nothing", "-y"], 3, "There is no dataset"),
    ],
)
def test_what_is_wrong_is_said(
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    assert main(["data", *words, "-w", "lab"]) == status
    assert message in capsys.readouterr().err
