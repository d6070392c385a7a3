"""Sizes of Azure's virtual machines: what notebooks mean by ``vm_size``.

Source: the series pages below https://learn.microsoft.com/azure/virtual-machines/sizes/overview
(cores, memory in GiB, GPUs), among them retired series that notebooks still name (NC, NCv2, ND, NV,
Dv2). A GPU below 1 is a partition of one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

GIB = 1024**3


class VmSize(NamedTuple):
    """One size; ``memory`` is in bytes, ``gpus`` is a number of GPUs or a share of one."""

    name: str
    cores: int
    memory: int
    gpus: float = 0
    gpu_name: str = ""


# Name without "Standard_": cores, GiB of memory, GPUs, model of the GPUs.
_GPU_SIZES = """
NC6 6 56 1 K80
NC12 12 112 2 K80
NC24 24 224 4 K80
NC24r 24 224 4 K80
NC6s_v2 6 112 1 P100
NC12s_v2 12 224 2 P100
NC24s_v2 24 448 4 P100
NC24rs_v2 24 448 4 P100
NC6s_v3 6 112 1 V100
NC12s_v3 12 224 2 V100
NC24s_v3 24 448 4 V100
NC24rs_v3 24 448 4 V100
NC4as_T4_v3 4 28 1 T4
NC8as_T4_v3 8 56 1 T4
NC16as_T4_v3 16 110 1 T4
NC64as_T4_v3 64 440 4 T4
NC24ads_A100_v4 24 220 1 A100
NC48ads_A100_v4 48 440 2 A100
NC96ads_A100_v4 96 880 4 A100
NC40ads_H100_v5 40 320 1 H100
NC80adis_H100_v5 80 640 2 H100
ND6s 6 112 1 P40
ND12s 12 224 2 P40
ND24s 24 448 4 P40
ND24rs 24 448 4 P40
ND40s_v2 40 672 8 V100
ND40rs_v2 40 672 8 V100
ND96asr_v4 96 900 8 A100
ND96amsr_A100_v4 96 1900 8 A100
ND96isr_H100_v5 96 1900 8 H100
NV6 6 56 1 M60
NV12 12 112 2 M60
NV24 24 224 4 M60
NV12s_v3 12 112 1 M60
NV24s_v3 24 224 2 M60
NV48s_v3 48 448 4 M60
NV6ads_A10_v5 6 55 0.1667 A10
NV12ads_A10_v5 12 110 0.3333 A10
NV18ads_A10_v5 18 220 0.5 A10
NV36ads_A10_v5 36 440 1 A10
NV36adms_A10_v5 36 880 1 A10
NV72ads_A10_v5 72 880 2 A10
"""
_SIZES = """
A1_v2 1 2
A2_v2 2 4
A4_v2 4 8
A8_v2 8 16
A2m_v2 2 16
A4m_v2 4 32
A8m_v2 8 64
B1s 1 1
B1ms 1 2
B2s 2 4
B2ms 2 8
B4ms 4 16
B8ms 8 32
B12ms 12 48
B16ms 16 64
B20ms 20 80
F72s_v2 72 144
E20_v3 20 160
E20s_v3 20 160
E64_v3 64 432
E64s_v3 64 432
E64_v4 64 504
E64s_v4 64 504
E64ds_v4 64 504
E96s_v5 96 672
E96ds_v5 96 672
G1 2 28
G2 4 56
G3 8 112
G4 16 224
G5 32 448
H8 8 56
H8m 8 112
H16 16 112
H16m 16 224
H16r 16 112
H16mr 16 224
HB60rs 60 228
HB120rs_v2 120 456
HB120rs_v3 120 448
HC44rs 44 352
L4s 4 32
L8s 8 64
L16s 16 128
L32s 32 256
L8s_v2 8 64
L16s_v2 16 128
L32s_v2 32 256
L48s_v2 48 384
L64s_v2 64 512
L80s_v2 80 640
M64s 64 1024
M128s 128 2048
"""
_OLD_D = "1 1 3.5|2 2 7|3 4 14|4 8 28|11 2 14|12 4 28|13 8 56|14 16 112"
_D_V2 = _OLD_D + "|5 16 56|15 20 140"
_TO_64 = (2, 4, 8, 16, 32, 48, 64)
# Series whose sizes differ in nothing but their cores: pattern, cores, GiB of memory a core.
_SERIES: Sequence[Tuple[str, Sequence[int], float]] = (
    ("D{}_v3", _TO_64, 4),
    ("D{}s_v3", _TO_64, 4),
    ("D{}_v4", _TO_64, 4),
    ("D{}s_v4", _TO_64, 4),
    ("D{}ds_v4", _TO_64, 4),
    ("D{}as_v4", (*_TO_64, 96), 4),
    ("D{}_v5", (*_TO_64, 96), 4),
    ("D{}s_v5", (*_TO_64, 96), 4),
    ("D{}ds_v5", (*_TO_64, 96), 4),
    ("D{}as_v5", (*_TO_64, 96), 4),
    ("E{}_v3", _TO_64[:-1], 8),
    ("E{}s_v3", _TO_64[:-1], 8),
    ("E{}_v4", _TO_64[:-1], 8),
    ("E{}s_v4", _TO_64[:-1], 8),
    ("E{}ds_v4", _TO_64[:-1], 8),
    ("E{}s_v5", _TO_64, 8),
    ("E{}ds_v5", _TO_64, 8),
    ("F{}", (1, 2, 4, 8, 16), 2),
    ("F{}s", (1, 2, 4, 8, 16), 2),
    ("F{}s_v2", _TO_64, 2),
)


def find(name: str) -> Optional[VmSize]:
    """The size of this name, in any case; a promotional name means the size itself."""
    wanted = name.strip().lower()
    if wanted.endswith("_promo"):
        wanted = wanted[: -len("_promo")]
    return _table().get(wanted)


def sizes() -> List[VmSize]:
    """All sizes that are known here, by name."""
    return sorted(_table().values())


@lru_cache(maxsize=None)
def _table() -> Dict[str, VmSize]:
    return {item.name.lower(): item for item in _rows()}


def _rows() -> Iterator[VmSize]:
    for line in (_GPU_SIZES + _SIZES).strip().splitlines():
        if line:
            name, cores, gib, *gpu = line.split()
            number = float(gpu[0]) if gpu else 0.0
            yield _size(name, int(cores), float(gib), number, gpu[1] if gpu else "")
    for pattern, column in (("D{}", _OLD_D), ("D{}_v2", _D_V2), ("DS{}_v2", _D_V2)):
        for row in column.split("|"):
            number_, cores, gib = row.split()
            yield _size(pattern.format(number_), int(cores), float(gib))
    for pattern, all_cores, gib_a_core in _SERIES:
        for count in all_cores:
            yield _size(pattern.format(count), count, count * gib_a_core)


def _size(name: str, cores: int, gib: float, gpus: float = 0.0, gpu_name: str = "") -> VmSize:
    whole = int(gpus) if gpus == int(gpus) else gpus
    return VmSize(f"Standard_{name}", cores, int(gib * GIB), whole, gpu_name)
