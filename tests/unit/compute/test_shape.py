"""What a node of a pool is on a machine: within the size, within the machine, never nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.compute import vm_sizes
from ml_jupyter.compute.shape import (
    Machine,
    NodeShape,
    in_words,
    node_count,
    node_shape,
    shortfall,
)
from ml_jupyter.compute.vm_sizes import GIB, VmSize

NC6 = VmSize("Standard_NC6", 6, 56 * GIB, 1, "K80")
NC24 = VmSize("Standard_NC24", 24, 224 * GIB, 4, "K80")
D2 = VmSize("Standard_D2_v2", 2, 7 * GIB)
LAPTOP = Machine(8, 16 * GIB, 0)
STATION = Machine(32, 256 * GIB, 2)


@pytest.mark.parametrize(
    ("size", "most", "machine", "nodes", "shape"),
    [
        (NC6, 4, LAPTOP, 1, NodeShape(2, 4 * GIB, 0.0)),
        (NC6, 4, STATION, 1, NodeShape(6, 56 * GIB, 1.0)),
        (NC6, 4, STATION, 2, NodeShape(6, 56 * GIB, 1.0)),
        (NC6, 4, STATION, 4, NodeShape(6, 56 * GIB, 0.5)),
        (NC6, 4, STATION, 3, NodeShape(6, 56 * GIB, 0.5)),
        (NC24, 1, STATION, 1, NodeShape(24, 224 * GIB, 2.0)),
        (NC24, 2, STATION, 2, NodeShape(16, 128 * GIB, 1.0)),
        (D2, 4, LAPTOP, 1, NodeShape(2, 4 * GIB, 0.0)),
        (D2, 100, LAPTOP, 1, NodeShape(1, 16 * GIB // 100, 0.0)),
        (None, 4, STATION, 1, NodeShape(1, 0, 0.0)),
    ],
)
def test_node(
    size: VmSize | None, most: int, machine: Machine, nodes: int, shape: NodeShape
) -> None:
    assert node_shape(size, most, machine, nodes) == shape


def test_a_part_of_a_gpu_stays_a_part_where_there_is_one() -> None:
    size = vm_sizes.find("Standard_NV18ads_A10_v5")
    assert node_shape(size, 1, STATION).gpus == 0.5
    assert node_shape(size, 1, LAPTOP).gpus == 0


@pytest.mark.parametrize(
    ("size", "least", "most", "machine", "count"),
    [
        (NC6, 0, 4, LAPTOP, 4),
        (NC6, 0, None, LAPTOP, 1),
        (D2, 0, None, LAPTOP, 4),
        (NC24, 0, None, LAPTOP, 1),
        (NC24, 3, None, LAPTOP, 3),
        (None, 0, None, LAPTOP, 8),
    ],
)
def test_number_of_nodes(
    size: VmSize | None, least: int, most: int | None, machine: Machine, count: int
) -> None:
    assert node_count(size, least, most, machine) == count


@given(
    size=st.sampled_from(vm_sizes.sizes()),
    most=st.integers(1, 64),
    slots=st.integers(1, 256),
    gib=st.integers(0, 4096),
    gpus=st.integers(0, 16),
    data=st.data(),
)
def test_nodes_of_a_run_fit_the_machine(
    size: VmSize, most: int, slots: int, gib: int, gpus: int, data: st.DataObject
) -> None:
    machine = Machine(slots, gib * GIB, gpus)
    nodes = data.draw(st.integers(1, most))
    shape = node_shape(size, most, machine, nodes)
    assert 1 <= shape.slots <= size.cores
    assert shape.slots * most <= slots or shape.slots == 1
    assert shape.memory * most <= machine.memory
    assert shape.gpus <= size.gpus
    assert (shape.gpus > 0) == (size.gpus > 0 and gpus > 0)
    if shape.gpus >= 1:
        assert shape.gpus * nodes <= gpus
    elif shape.gpus > 0 and size.gpus >= 1:
        assert -(-nodes // int(1 / shape.gpus)) <= gpus


def test_shortfall_says_both_sides_once() -> None:
    assert shortfall(NC6, 4, LAPTOP) == (
        "Standard_NC6 has 6 cores, 56 GiB of memory and 1 GPU; this machine gives each of its "
        "4 nodes 2 cores, 4 GiB of memory and no GPU"
    )
    assert shortfall(NC24, 1, STATION) == (
        "Standard_NC24 has 24 cores, 224 GiB of memory and 4 GPUs; this machine gives its one "
        "node 24 cores, 224 GiB of memory and 2 GPUs"
    )


def test_no_shortfall_where_all_is_there() -> None:
    assert shortfall(NC6, 2, STATION) is None
    assert shortfall(D2, 2, Machine(8, 0, 0)) is None


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (NodeShape(1, 0, 0), "1 core and no GPU"),
        (NodeShape(2, 7 * GIB, 0.5), "2 cores, 7 GiB of memory and 0.5 of a GPU"),
        (NodeShape(2, 7 * GIB // 2, 1.0), "2 cores, 3.5 GiB of memory and 1 GPU"),
    ],
)
def test_shape_in_words(shape: NodeShape, words: str) -> None:
    assert in_words(shape) == words
