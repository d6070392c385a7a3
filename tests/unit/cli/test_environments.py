"""``mlj environment …``: registered, shown, built and deleted through the real commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]
FILE = (
    "name: sklearn\nconda_file:\n  dependencies:\n    - python=3.11\n    - pip:\n      - joblib\n"
)


def test_an_environment_is_registered_from_a_file_and_found_again(mlj: Mlj) -> None:
    Path("environment.yml").write_text(FILE, "utf-8")
    made = mlj("environment", "register", "-f", "environment.yml")
    assert (made["name"], made["version"], made["python"]) == ("sklearn", "1", "3.11")
    assert made["packages"] == ["joblib"]
    again = mlj("environment", "create", "-f", "environment.yml")
    assert again["version"] == "1"  # the same content is the same version
    listed = mlj("environment", "list", "--registered")
    assert [item["name"] for item in listed] == ["sklearn"]
    assert len(mlj("environment", "list")) > 5  # with the curated ones
    shown = mlj("environment", "show", "-n", "sklearn")
    assert shown["built"] is False
    assert shown["definition"]["name"] == "sklearn"


def test_flags_make_what_a_file_makes(mlj: Mlj) -> None:
    Path("requirements.txt").write_text("joblib\n", "utf-8")
    made = mlj("environment", "register", "-n", "small", "--requirements", "requirements.txt")
    assert made["packages"] == ["joblib"]
    made = mlj("environment", "register", "-n", "boxed", "--image", "python:3.11")
    assert made["image"] == "python:3.11"
    Path("Dockerfile").write_text("FROM python:3.11\n", "utf-8")
    made = mlj("environment", "register", "-n", "made", "--dockerfile", "Dockerfile")
    assert made["image"] == "Dockerfile"


def test_a_version_number_is_never_given_twice(mlj: Mlj) -> None:
    for packages in ("joblib", "joblib\nclick"):
        Path("requirements.txt").write_text(packages, "utf-8")
        mlj("environment", "register", "-n", "small", "--requirements", "requirements.txt")
    assert mlj("environment", "delete", "-n", "small", "-v", "2", "-y") == [
        {"name": "small", "version": "2"}
    ]
    assert mlj("environment", "show", "-n", "small")["version"] == "1"
    Path("requirements.txt").write_text("tornado", "utf-8")
    made = mlj("environment", "register", "-n", "small", "--requirements", "requirements.txt")
    assert made["version"] == "3"
    assert len(mlj("environment", "delete", "-n", "small", "-y")) == 2


def test_a_user_managed_one_is_built_at_once(mlj: Mlj, workspace: Workspace) -> None:
    from ml_jupyter import Environment

    made = Environment("here")
    made.python.user_managed_dependencies = True
    made.register(workspace)
    assert mlj("environment", "build", "-n", "here")["interpreter"] == sys.executable
    assert mlj("environment", "show", "-n", "here")["built"] is True


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["show", "-n", "nothing"], 3, "There is no environment 'nothing'"),
        (["show", "-n", "nothing", "-v", "2"], 3, "version 2"),
        (["delete", "-n", "nothing", "-y"], 3, "There is no environment"),
        (["delete", "-n", "AzureML-Minimal", "-y"], 2, "curated"),
        (["register"], 2, "Say what is in it"),
        (["register", "--image", "x"], 2, "Say its name"),
        (["register", "-f", "bad.yml"], 2, "bad.yml:2:1: error: imagee"),
        (["register", "-f", "list.yml"], 2, "does not hold a map"),
        (["register", "-f", "unnamed.yml"], 2, "has no name"),
        (["register", "-n", "a", "--image", "x", "--dockerfile", "bad.yml"], 2, "one image"),
    ],
)
def test_what_is_wrong_is_said(
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    Path("bad.yml").write_text("name: a\nimagee: python\n", "utf-8")
    Path("unnamed.yml").write_text("image: python\n", "utf-8")
    Path("list.yml").write_text("- name: a\n", "utf-8")
    assert main(["environment", *words, "-w", "lab"]) == status
    assert message in capsys.readouterr().err
