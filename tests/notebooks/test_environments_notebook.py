"""The tutorial on environments builds real ones from the package index."""

from __future__ import annotations

import pytest

from tests.notebooks.test_notebooks import printed

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def test_environments(execute):
    notebook = execute("environments.ipynb")
    first = printed(notebook, "first = submit(env)")
    assert first.index("Streaming system_logs/build_log.txt") < first.index("scikit-learn==1.6.1")
    assert first.index("scikit-learn==1.6.1") < first.index("epoch 10/10: accuracy 0.9")
    assert first.endswith("Completed\n")
    second = printed(notebook, "digits-again")
    assert second.startswith("Completed after ")
    assert second.endswith("build log: False\n")
    compared = printed(notebook, "digits-newer")
    assert "scikit-learn 1.6.1: accuracy 0.9" in compared
    assert "scikit-learn 1.7.2: accuracy 0.9" in compared
    failed = printed(notebook, "digits-broken")
    assert failed.startswith("Environment 'digits-broken' could not be built: ")
    assert "scikit-learn" in failed
    versions = printed(notebook, "env.register(ws)")
    assert versions == "version 1\nversion 1\nversion 2\n"
    assert "is too old to run jobs" in printed(notebook, "old.build_local")
    contained = printed(notebook, "docker.docker.enabled")
    assert "Docker" in contained or contained.endswith(("Completed\n", "Failed\n"))
