"""Git facts, from real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from ml_jupyter.jobs.git import GitFacts, GitQuery, without_credentials


def git(folder: Path, *arguments: str) -> str:
    """Run git with an identity of its own."""
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    answer = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return answer.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.py").write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    git(tmp_path, "remote", "add", "origin", "https://me:secret@example.org/x/y.git")
    return tmp_path


def test_facts_of_a_clean_and_a_changed_folder(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    expected = GitFacts("https://example.org/x/y.git", "main", commit, False)
    assert GitQuery(repository / "sub").facts(10) == expected
    (repository / "a.py").write_text("2")
    assert GitQuery(repository / "sub").facts(10).dirty is False
    assert GitQuery(repository).facts(10).dirty is True
    (repository / "sub/new.py").write_text("")
    assert GitQuery(repository / "sub").facts(10).dirty is True


def test_properties_have_both_names(repository: Path) -> None:
    properties = GitQuery(repository).facts(10).as_properties()
    assert properties["azureml.git.branch"] == properties["mlflow.source.git.branch"] == "main"
    assert properties["azureml.git.repository_uri"] == "https://example.org/x/y.git"
    assert properties["mlflow.source.git.repoURL"] == "https://example.org/x/y.git"
    assert properties["azureml.git.commit"] == properties["mlflow.source.git.commit"]
    assert properties["azureml.git.dirty"] == "False"


def test_detached_head_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "-q", "--detach")
    facts = GitQuery(repository).facts(10)
    assert facts.branch is None
    assert facts.commit is not None


def test_new_repository_and_no_repository(tmp_path: Path) -> None:
    assert GitQuery(tmp_path).facts(10).as_record() == {}
    git(tmp_path, "init", "-q", "-b", "main")
    assert GitQuery(tmp_path).facts(10) == GitFacts(None, "main", None, False)


def test_slow_status_costs_only_its_own_fact(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git whose ``status`` takes for ever, as in a huge repository."""
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    real = shutil.which("git")
    text = f'#!/bin/sh\ncase " $* " in *" status "*) exec sleep 60;; esac\nexec {real} "$@"\n'
    program.write_text(text)
    program.chmod(0o755)
    commit = git(repository, "rev-parse", "HEAD")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    facts = GitQuery(repository).facts(0.3)
    assert facts == GitFacts("https://example.org/x/y.git", "main", commit, None)


def test_without_git_the_facts_are_left_out(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert GitQuery(repository).facts(10) == GitFacts()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://token@example.org/a", "https://example.org/a"),
        ("https://me:p%40ss@example.org/a", "https://example.org/a"),
        ("ssh://git@example.org/a", "ssh://example.org/a"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
    ],
)
def test_credentials_are_cut_from_urls(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


def test_a_helper_of_git_that_lives_on_is_not_waited_for(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Git started, such as its file system monitor, may hold its output open."""
    programs = tmp_path_factory.mktemp("programs")
    (programs / "git").write_text("#!/bin/sh\nsleep 4 &\nsleep 4\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    begun = time.monotonic()
    assert GitQuery(repository).facts(0.05) == GitFacts()
    assert time.monotonic() - begun < 3.0
