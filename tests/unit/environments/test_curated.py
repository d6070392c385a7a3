"""Curated environments can be installed from the package index as it is now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.environments import curated, tools

MEANINGS = sorted(
    {found.packages for name in curated.names() if (found := curated.find(name))} - {()}
)


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("version", ["3.10"])
@pytest.mark.parametrize("packages", MEANINGS, ids=lambda packages: packages[0])
def test_every_meaning_resolves(packages: tuple[str, ...], version: str, tmp_path: Path) -> None:
    file = tmp_path / "requirements.in"
    file.write_text("\n".join(packages))
    uv = tools.uv(sys.executable, {})
    subprocess.run(
        [uv, "pip", "compile", "--quiet", "--python-version", version, str(file)],
        check=True,
        capture_output=True,
        timeout=240,
    )


def test_a_name_is_found_by_its_family() -> None:
    unlisted = curated.find("AzureML-PyTorch-1.7-GPU")
    assert unlisted is not None
    assert unlisted.packages == curated.find("AzureML-PyTorch-1.6-GPU").packages  # type: ignore[union-attr]
    assert curated.find("my-pytorch") is None
    assert curated.find("AzureML-Unknown") is None
