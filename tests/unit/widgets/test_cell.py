"""Reading a cell's code: names that it needs, its script, what a job cannot run."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.widgets.magics import modules
from ml_jupyter.widgets.magics.cell import needed_by, read

PLAIN = TransformerManager().transform_cell


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("print(len(data))", {"data"}),
        ("import numpy as np\nnp.zeros(n)", {"n"}),
        ("def f(x):\n    return x * scale\nf(1)", {"scale"}),
        ("[x for x in rows if x > low]", {"rows", "low"}),
        ("class A(Base):\n    k = width\n", {"Base", "width"}),
        ("x = 1\ndel x\nwith opened() as f: f.read()", {"opened"}),
        ("def f():\n    y = 1\n    def g():\n        return y + z\n    return g", {"z"}),
    ],
)
def test_names_that_a_cell_needs(code: str, needed: set[str]) -> None:
    assert needed_by(code) == needed


def test_the_lines_of_the_script_are_the_lines_of_the_cell() -> None:
    cell = read("%%submit --gpus 1", "from __future__ import annotations\n\nraise KeyError", PLAIN)
    script = cell.script({"b", "_a"})
    lines = script.splitlines()
    assert lines[3] == "raise KeyError"
    assert lines[0] == (
        "from __future__ import annotations; "
        "from notebook_context import _a, b  # %%submit --gpus 1"
    )
    compile(script, "cell.py", "exec")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("  \n", "The cell is empty"),
        ("x = 1\n!pip install torch", "Line 3 of the cell is something that only a notebook"),
        ("x = 1\n%matplotlib inline", "Line 3 of the cell is something that only a notebook"),
        ("x = (1", "Line 2 of the cell is no Python"),
    ],
)
def test_what_a_job_cannot_run_is_said_with_its_line(code: str, words: str) -> None:
    with pytest.raises(UserErrorException, match=words):
        read("%%submit", code, PLAIN)


def test_modules_beside_the_notebook_go_along(tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "__init__.py").write_text("from scale import factor\n")
    (tmp_path / "layers" / "dense.py").write_text("")
    (tmp_path / "scale.py").write_text("factor = 3\n")
    (tmp_path / "other.py").write_text("")
    found = modules.beside(tmp_path, "import json\nfrom layers.dense import Dense")
    assert [str(path) for path in found] == ["layers/__init__.py", "layers/dense.py", "scale.py"]
