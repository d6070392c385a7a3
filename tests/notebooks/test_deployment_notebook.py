"""The tutorial on models exports, registers, deploys and calls a real one."""

from __future__ import annotations

import pytest

from tests.notebooks.test_notebooks import printed

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


def test_deploy_model(execute):
    notebook = execute("deploy-model.ipynb")
    assert "the exported model gives the same" in printed(notebook, "run.wait_for_completion")
    timed = printed(notebook, "ratio = ")
    assert timed.startswith("accuracy 0.9")
    assert float(timed.split("ms, ")[-1].split()[0]) > 1
    assert printed(notebook, "run.register_model").endswith("True ['digits:1']\n")
    assert "Healthy" in printed(notebook, "wait_for_deployment(show_output=True)")
    assert printed(notebook, 'print("predicted"') == (
        "predicted [0, 1, 2, 3, 4] are [0, 1, 2, 3, 4]\n"
    )
    assert printed(notebook, "error.status_code").startswith("400 The service answered with 400")
    assert printed(notebook, "requests.post") == "200 [0, 1]\n"
    assert printed(notebook, "service.update(") == "7 True True\n"
    assert printed(notebook, "service.delete()") == "[] ['digits']\n"
