"""The terminal: bytes unchanged, lines and times recorded, a full disk survived."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.jobs.log_file import LogFile
from ml_jupyter.jobs.terminal import Terminal
from ml_jupyter.testing.isolation import eventually

RECORD = struct.Struct("<qqq")


def run_in(terminal: Terminal, program: str) -> None:
    """Run a Python program in the terminal until it has ended and all output is taken."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL, stdout=terminal.slave, stderr=terminal.slave,
    )  # fmt: skip
    terminal.close_slave()
    eventually(lambda: not terminal.copy(), what="the end of the terminal")
    process.wait()
    terminal.close()


def arrives(terminal: Terminal, log: Path, text: bytes) -> None:
    """Wait until ``text`` is the end of the log."""
    eventually(lambda: terminal.copy() and log.read_bytes().endswith(text), what="text in the log")


def test_bytes_arrive_unchanged(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log", tmp_path / "times")
    terminal = Terminal(log.write, 99)
    run_in(
        terminal,
        "import os, sys\n"
        "os.write(1, bytes(range(256)))\n"
        "print(sys.stdout.isatty(), os.get_terminal_size().columns)\n",
    )
    assert (tmp_path / "log").read_bytes() == bytes(range(256)) + b"True 99\n"


def test_standard_error_keeps_its_place(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log", tmp_path / "times")
    terminal = Terminal(log.write, 80)
    run_in(
        terminal,
        "import sys\nfor n in range(500): print(n, file=sys.stdout if n % 2 else sys.stderr,"
        " flush=True)\n",
    )
    assert (tmp_path / "log").read_text().split() == [str(n) for n in range(500)]


def test_times_tell_offsets_and_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000_000_000]
    monkeypatch.setattr("ml_jupyter._time.now_ns", lambda: clock[0])
    log = LogFile(tmp_path / "log", tmp_path / "times")
    terminal = Terminal(log.write, 80)
    for text, step in ((b"one\n", 0), (b"two\n", 10_000_000), (b"three\n", 100_000_000)):
        clock[0] += step
        os.write(terminal.slave, text)
        arrives(terminal, tmp_path / "log", text)
    terminal.close_slave()
    terminal.close()
    records = list(RECORD.iter_unpack((tmp_path / "times").read_bytes()))
    assert records == [(0, 0, 1_000_000_000), (8, 2, 1_110_000_000)]


def test_full_disk_loses_output_and_stops_nothing() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    log = LogFile(Path("/dev/full"), Path("/dev/full"))
    terminal = Terminal(log.write, 80)
    run_in(terminal, "print('x' * 10_000)\n")
    assert log.lost_bytes == 10_001


def test_without_a_width_it_is_a_pipe(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log", tmp_path / "times")
    run_in(
        Terminal(log.write, 0),
        "import os, sys\nos.write(1, str(os.isatty(1)).encode())\n"
        "for n in range(1000): os.write(1 + n % 2, b'%d\\r\\n\\xff' % n)\n",
    )
    log.close()
    expected = b"False" + b"".join(b"%d\r\n\xff" % number for number in range(1000))
    assert (tmp_path / "log").read_bytes() == expected


LIMITED = """
import resource, sys
from pathlib import Path
from ml_jupyter import _time
from ml_jupyter.jobs.log_file import LogFile
clock = 0
def now():
    global clock
    clock += 10**9
    return clock
_time.now_ns = now
folder = Path(sys.argv[1])
log = LogFile(folder / "log", folder / "times")
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
log.write(b"one\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (40, hard))
log.write(b"two\\n")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
log.write(b"three\\n")
log.close()
"""


def test_a_time_that_found_room_for_its_half_is_left_out(tmp_path: Path) -> None:
    """A limit of 40 bytes cuts the second record short, as a full disk does."""
    program = [sys.executable, "-c", LIMITED, str(tmp_path)]
    subprocess.run(program, check=True, timeout=60)
    records = list(RECORD.iter_unpack((tmp_path / "times").read_bytes()))
    assert [record[:2] for record in records] == [(0, 0), (8, 2)]
