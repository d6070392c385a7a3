"""One log of several processes: whole lines, their order, bars that go back to the line's start."""

from __future__ import annotations

from ml_jupyter.jobs.merging import Merger


class Log:
    """A merged log and a clock."""

    def __init__(self, *labels: str) -> None:
        self.bytes = b""
        self.now = 0.0
        self.merger = Merger(self._write, labels or ("0", "1"))

    def _write(self, data: bytes) -> None:
        self.bytes += data

    def take(self, index: int, text: str | bytes) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        self.merger.take(index, data, self.now)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.merger.tick(self.now)

    def taken(self) -> str:
        """What was written since the last call."""
        found, self.bytes = self.bytes.decode(), b""
        return found

    @property
    def screen(self) -> list[str]:
        """The lines as a terminal shows them."""
        return [line.split("\r")[-1] for line in self.bytes.decode().split("\n")]


def test_lines_are_whole_and_in_the_order_in_which_they_came() -> None:
    log = Log()
    log.take(0, "one\ntw")
    log.take(1, "un\ndeux\n")
    log.take(0, "o\n")
    assert log.taken() == "[0] one\n[1] un\n[1] deux\n[0] two\n"


def test_empty_lines_keep_their_rank() -> None:
    log = Log("worker-0", "ps-0")
    log.take(1, "\n\nx\n")
    assert log.taken() == "[ps-0] \n[ps-0] \n[ps-0] x\n"


def test_a_line_without_an_end_is_written_at_the_end() -> None:
    log = Log()
    log.take(0, "no newline")
    log.merger.finish()
    assert log.taken() == "[0] no newline\n"


def test_an_unfinished_line_is_shown_after_a_while_and_completed_in_its_place() -> None:
    log = Log()
    log.take(0, "Loading …")
    log.wait(0.5)
    assert log.taken() == ""
    log.wait(0.6)
    assert log.bytes.decode() == "[0] Loading …"
    log.take(0, " done\n")
    assert log.screen == ["[0] Loading … done", ""]


def test_an_unfinished_line_that_was_interrupted_is_repeated_whole() -> None:
    log = Log()
    log.take(0, "Loading …")
    log.wait(1.1)
    log.take(1, "other\n")
    log.take(0, " done\n")
    assert log.taken() == "[0] Loading …\n[1] other\n[0] Loading … done\n"


def test_a_bar_stays_one_line_while_nobody_else_writes() -> None:
    log = Log()
    for percent in range(100):
        log.take(0, f"\r{percent}%|{'#' * (percent // 10)}")
        log.wait(0.1)
    log.take(0, "\r100%|##########\nepoch done\n")
    assert log.screen == ["[0] 100%|##########", "[0] epoch done", ""]
    assert log.bytes.count(b"\r") > 50


def test_bars_of_two_ranks_are_repeated_from_time_to_time_only() -> None:
    log = Log()
    for tenth in range(3000):
        log.take(0, f"\r{tenth}")
        log.take(1, f"\r{tenth}")
        log.wait(0.1)
    assert 6 < log.bytes.count(b"\n") < 50
    assert all(line[:4] in ("[0] ", "[1] ") for line in log.screen)


def test_what_a_bar_has_overwritten_is_not_kept() -> None:
    log = Log()
    log.take(0, "\r10%\r50%\r100%\n")
    log.take(1, "10%\r20%\r")
    log.take(1, "30%\r\n")
    assert log.taken() == "[0] 100%\n[1] 30%\n"


def test_lines_that_end_as_on_windows() -> None:
    log = Log()
    log.take(0, "a\r\nb\r")
    log.take(0, "\n")
    assert log.taken() == "[0] a\n[0] b\n"


def test_colours_stay_in_their_line_and_the_cursor_stays_where_it_is() -> None:
    log = Log()
    log.take(0, "\x1b[31mred\n\x1b[2Aup\x1b[K\n")
    assert log.taken() == "[0] \x1b[31mred\x1b[0m\n[0] up\x1b[K\x1b[0m\n"


def test_a_character_that_is_cut_is_not_shown_in_parts() -> None:
    log = Log()
    log.take(0, "███".encode()[:-1])
    log.wait(1.1)
    log.take(1, "x\n")
    assert log.taken() == "[0] ██\n[1] x\n"


def test_a_line_that_never_ends_is_cut() -> None:
    log = Log()
    for _ in range(100):
        log.take(0, b"x" * 1000)
    log.merger.finish()
    lines = log.taken().split("\n")
    assert sum(line.count("x") for line in lines) == 100_000
    assert len(lines) == 3
