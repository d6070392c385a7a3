"""Sizes of virtual machines: facts, and names as notebooks write them."""

from __future__ import annotations

import pytest

from ml_jupyter.compute import vm_sizes
from ml_jupyter.compute.vm_sizes import GIB


@pytest.mark.parametrize(
    ("name", "cores", "gib", "gpus", "model"),
    [
        ("Standard_NC6", 6, 56, 1, "K80"),
        ("Standard_NC24rs_v3", 24, 448, 4, "V100"),
        ("Standard_ND40rs_v2", 40, 672, 8, "V100"),
        ("Standard_NC4as_T4_v3", 4, 28, 1, "T4"),
        ("Standard_ND96asr_v4", 96, 900, 8, "A100"),
        ("Standard_NV18ads_A10_v5", 18, 220, 0.5, "A10"),
        ("Standard_D2_v2", 2, 7, 0, ""),
        ("Standard_DS12_v2", 4, 28, 0, ""),
        ("Standard_D1", 1, 3.5, 0, ""),
        ("Standard_D15_v2", 20, 140, 0, ""),
        ("Standard_D16s_v3", 16, 64, 0, ""),
        ("Standard_E8ds_v4", 8, 64, 0, ""),
        ("Standard_F72s_v2", 72, 144, 0, ""),
    ],
)
def test_size_is_as_azure_lists_it(
    name: str, cores: int, gib: float, gpus: float, model: str
) -> None:
    size = vm_sizes.find(name)
    assert size == (name, cores, int(gib * GIB), gpus, model)


@pytest.mark.parametrize("name", ["STANDARD_NC6", "standard_nc6", " Standard_NC6_Promo "])
def test_names_are_found_however_notebooks_write_them(name: str) -> None:
    found = vm_sizes.find(name)
    assert found is not None
    assert found.name == "Standard_NC6"


@pytest.mark.parametrize("name", ["", "NC6", "Standard_NC7", "Standard_D2_v2x"])
def test_unknown_names_are_not_guessed(name: str) -> None:
    assert vm_sizes.find(name) is None


def test_list_has_each_size_once_with_sensible_numbers() -> None:
    sizes = vm_sizes.sizes()
    names = [size.name.lower() for size in sizes]
    assert len(set(names)) == len(names) > 200
    for size in sizes:
        assert size.cores >= 1
        assert 0.5 <= size.memory / GIB / size.cores <= 32
        assert bool(size.gpus) == bool(size.gpu_name)
