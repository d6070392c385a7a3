"""Going on with output after the engine was away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.containers.replay import Seen, common, overlap


@pytest.mark.parametrize(
    ("seen", "written", "missed"),
    [
        (b"1\n2\n3\n", b"1\n2\n3\n4\n", b"4\n"),
        (b"1\n2\n3\n", b"1\n2\n3\n", b""),
        (b"1\n2\n3\n", b"1\n2\n4\n", b"4\n"),  # "3" was handed on and never written down
        (b"1\n12", b"1\n\r\n13\r\n", b"\r\n13\r\n"),  # the line's end came after the restart
        (b"", b"1\n", b"1\n"),
        (b"1\n2\n", b"", b""),
    ],
)
def test_what_was_missed(seen: bytes, written: bytes, missed: bytes) -> None:
    found = Seen()
    found.add(seen)
    assert found.beyond(written) == missed


def test_only_the_end_is_remembered() -> None:
    found, line = Seen(), b"x" * 999 + b"\n"
    for _ in range(2000):
        found.add(line)
    assert found.size == 2_000_000
    assert found.beyond(line * 2000 + b"new\n") == b"new\n"


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_common_beginning_and_overlap(first: bytes, second: bytes) -> None:
    size = common(first, second)
    assert first[:size] == second[:size]
    assert first[: size + 1] != second[: size + 1] or size == min(len(first), len(second))
    assert overlap(first + second, second) == len(second)
    assert first.endswith(second[: overlap(first, second)])
