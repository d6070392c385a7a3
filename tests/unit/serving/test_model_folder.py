"""What the process of a model finds in its environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.serving.model_folder import variables

CODELESS = ServingPlan("net", (("net", 3),), framework="TensorFlow")
SCRIPTED = ServingPlan("nets", (("a", 1), ("b", 2)), entry_script="score.py")


def test_one_model_is_named_by_its_version_and_several_by_the_folder_above(tmp_path: Path) -> None:
    assert variables(CODELESS, tmp_path)["AZUREML_MODEL_DIR"].endswith("azureml-models/net/3")
    assert variables(SCRIPTED, tmp_path)["AZUREML_MODEL_DIR"].endswith("azureml-models")


@pytest.mark.parametrize(
    ("plan", "given", "expected"),
    [(CODELESS, None, ""), (CODELESS, "1", None), (SCRIPTED, None, None)],
    ids=["without code, none asked for", "asked for one", "a script"],
)
def test_gpus_that_were_not_asked_for_are_out_of_sight(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plan: ServingPlan,
    given: str | None,
    expected: str | None,
) -> None:
    monkeypatch.delenv("AZ_BATCHAI_NUM_GPUS", raising=False)
    if given is not None:
        monkeypatch.setenv("AZ_BATCHAI_NUM_GPUS", given)
    assert variables(plan, tmp_path).get("CUDA_VISIBLE_DEVICES") == expected
