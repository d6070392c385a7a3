"""Which of several failed ranks failed first."""

from __future__ import annotations

import pytest

from ml_jupyter.distributed.failure import RankEnd, first_failure, is_consequence


def first(*ends: RankEnd) -> int | None:
    found = first_failure(ends)
    return None if found is None else found.rank


def test_no_failure() -> None:
    assert first() is None
    assert first(RankEnd(0, 0, 5.0), RankEnd(1, 0, 6.0)) is None


def test_the_one_that_ended_first() -> None:
    assert first(RankEnd(0, 1, 6.0), RankEnd(1, 1, 5.0), RankEnd(2, 0, 1.0)) == 1


def test_the_one_that_complained_first_though_it_ended_last() -> None:
    """The interpreter of rank 1 took longer to end than rank 0 to notice."""
    assert first(RankEnd(0, 1, 5.5, 5.2), RankEnd(1, 1, 6.0, 5.0)) == 1


def test_a_killed_rank_comes_before_those_that_noticed() -> None:
    assert first(RankEnd(0, 1, 5.5, 5.1), RankEnd(1, -9, 5.4)) == 1


def test_an_abort_is_not_taken_for_sudden() -> None:
    assert first(RankEnd(0, -6, 5.5), RankEnd(1, 1, 5.6, 5.0)) == 1


def test_a_traceback_of_long_ago_was_another_one() -> None:
    assert first(RankEnd(0, 1, 100.0, 10.0), RankEnd(1, 1, 99.0, 98.5)) == 1


def test_of_complaints_at_once_the_one_about_another_rank_is_not_the_cause() -> None:
    assert first(RankEnd(0, 1, 5.05, 5.0, follows=True), RankEnd(1, 1, 5.03, 5.01)) == 1
    assert first(RankEnd(0, 1, 5.05, 5.0, follows=True), RankEnd(1, 1, 8.0, 7.0)) == 0


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: [gloo/transport/tcp/pair.cc:534] Connection closed by peer [127.0.0.1]:22",
        "torch.distributed.DistBackendError: NCCL error: remote process exited",
        "ConnectionResetError: [Errno 104] Connection reset by peer",
        "BrokenPipeError: [Errno 32] Broken pipe",
        "tensorflow.python.framework.errors_impl.UnavailableError: Collective ops is aborted",
        "horovod.common.exceptions.HorovodInternalError: Horovod has been shut down.",
    ],
)
def test_errors_that_are_about_another_rank(message: str) -> None:
    assert is_consequence(message)


@pytest.mark.parametrize(
    "message", ["ValueError: shapes do not match", "KeyError: 'label'", "FileNotFoundError: x.csv"]
)
def test_errors_that_are_their_own(message: str) -> None:
    assert not is_consequence(message)
