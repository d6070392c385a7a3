"""Causes, signals, packages and tracebacks: from data to data."""

from __future__ import annotations

import importlib.metadata
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.history.command_line import options_of, positional_of
from ml_jupyter.jobs import finding_causes, finding_signals
from ml_jupyter.jobs.finding_cause import Failure
from ml_jupyter.jobs.finding_ends import by_exit_code
from ml_jupyter.jobs.finding_packages import PACKAGES, package_of
from ml_jupyter.jobs.finding_signals import SignalFacts
from ml_jupyter.jobs.finding_traceback import Frame, error_of, frames_of, syntax_error_of

GB = 10**9
GIB = 2**30


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_map_agrees_with_what_is_installed() -> None:
    brought = importlib.metadata.packages_distributions()
    checked = 0
    for module, package in PACKAGES.items():
        if module in brought:
            assert normal(package) in {normal(item) for item in brought[module]}, module
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("cv2", "opencv-python"), ("sklearn.model_selection", "scikit-learn"), ("PIL", "pillow"),
        ("yaml", "PyYAML"), ("google.protobuf.message", "protobuf"), ("my_tool", "my-tool"),
        ("bs4", "beautifulsoup4"), ("skimage.io", "scikit-image"), ("torch", "torch"),
    ],
)  # fmt: skip
def test_packages_by_module(module: str, package: str) -> None:
    assert package_of(module) == package


OUT_OF_GPU_MEMORY = [
    ("torch.OutOfMemoryError", ("CUDA out of memory. Tried to allocate 2.10 GiB. GPU 0 has a total "
     "capacity of 23.99 GiB of which 801.00 MiB is free."), int(2.10 * GIB), 0),
    ("RuntimeError", ("CUDA out of memory. Tried to allocate 20.00 MiB (GPU 1; 15.90 GiB total "
     "capacity; 14.95 GiB already allocated; 1.75 MiB free; 15.01 GiB reserved in total by "
     "PyTorch)"), 20 * 2**20, 1),
    ("RuntimeError", "CUDA error: out of memory", None, None),
    ("tensorflow.python.framework.errors_impl.ResourceExhaustedError",
     ("{{function_node __wrapped__}} OOM when allocating tensor with shape[65536,65536] and type "
     "float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc"), None, 0),
    ("jaxlib.xla_extension.XlaRuntimeError", ("RESOURCE_EXHAUSTED: Out of memory while trying to "
     "allocate 68719476736 bytes."), 68719476736, None),
    ("cupy.cuda.memory.OutOfMemoryError", "Out of memory allocating 8,000,000,000 bytes", None,
     None),
    ("RuntimeError", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
     None, None),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "message", "asked", "gpu"), OUT_OF_GPU_MEMORY)
def test_every_library_s_out_of_gpu_memory_is_known(
    type_: str, message: str, asked: int | None, gpu: int | None
) -> None:
    cause = finding_causes.of(Failure(type_, message))
    assert cause.kind == "gpu_memory"
    assert (cause.asked, cause.gpu) == (asked, gpu)


OTHERS = [
    ("MemoryError", "", "memory", "Ran out of memory."),
    ("numpy._core._exceptions._ArrayMemoryError", ("Unable to allocate 7.45 GiB for an array with "
     "shape (1000000000,) and data type float64"), "memory", "Ran out of memory."),
    ("ImportError", "libGL.so.1: cannot open shared object file: No such file or directory",
     "exception", "The system's library libGL.so.1 is missing."),
    ("OSError", "[Errno 28] No space left on device", "exception",
     "There was no space left on the disk."),
    ("RuntimeError", ("The server socket has failed to listen on any local network address. "
     "EADDRINUSE"), "exception", "The port is used by another program."),
    ("torch.distributed.DistBackendError", "NCCL communicator was aborted: Timed out waiting",
     "exception", "A rank waited in vain for the others."),
    ("FileNotFoundError", "[Errno 2] No such file or directory: 'data/train.csv'", "exception",
     "There is no file data/train.csv."),
    ("ModuleNotFoundError", "No module named 'torch.nn'; 'torch' is not a package",
     "missing_module", "torch.py hides the package torch."),
    ("ValueError", "shapes (3,4) and (5,) not aligned\nmore", "exception",
     "ValueError: shapes (3,4) and (5,) not aligned."),
    ("KeyboardInterrupt", "", "exception", "KeyboardInterrupt."),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "message", "kind", "title"), OTHERS)
def test_other_causes(type_: str, message: str, kind: str, title: str) -> None:
    cause = finding_causes.of(Failure(type_, message))
    assert (cause.kind, cause.title) == (kind, title)


@pytest.mark.parametrize(
    ("message", "own", "told"),
    [
        ("cannot import name 'joblib' from 'sklearn.externals' (/x/y.py)", [], "scikit-learn"),
        ("cannot import name 'f' from 'model' (/x/model.py)", ["model"], "defined in model"),
        ("cannot import name 'nothing' from 'json' (/x/y.py)", [], "a part of Python"),
        (("cannot import name 'A' from partially initialized module 'net' (most likely due to a "
         "circular import) (/x/net.py)"), [], "do not import each other"),
    ],
)  # fmt: skip
def test_a_name_that_a_module_lacks(message: str, own: list[str], told: str) -> None:
    cause = finding_causes.of(Failure("ImportError", message, (), own))
    assert told in (cause.summary or "")
    assert "/x/" not in cause.title


@pytest.mark.parametrize(
    ("code", "log", "title"),
    [
        (2, "usage: job.py [-h]\njob.py: error: unrecognized arguments: --x 3\n",
         "The arguments were refused: unrecognized arguments: --x 3."),
        (1, "No data: download it first\n", "It ended: No data: download it first."),
        (3, "", "It ended."),
        (127, "bash: line 1: nope: command not found\n", "The command was not found."),
        (126, "", "The command may not be executed."),
    ],
)  # fmt: skip
def test_exit_codes_are_told_by_the_last_line(code: int, log: str, title: str) -> None:
    assert by_exit_code(code, "It ended.", log.encode()).title == title


def test_a_script_that_python_cannot_read() -> None:
    log = '50%\n  File "/w/job.py", line 1\n    def f(:\n          ^\nSyntaxError: invalid syntax\n'
    text = syntax_error_of(log)
    assert text is not None
    (frame,) = frames_of(text, "/w", ["job.py"])
    assert (frame.path, frame.line, frame.code) == ("job.py", 1, "def f(:")
    assert syntax_error_of("SyntaxError: said by a library\n") is None


def test_a_part_of_the_user_s_own_code_is_no_package() -> None:
    failure = Failure("ModuleNotFoundError", "No module named 'model.heads'", (), ["model"])
    cause = finding_causes.of(failure)
    assert cause.title == "There is no module model.heads."
    assert cause.advice[0].package is None


def test_a_built_environment_gets_the_package_added() -> None:
    failure = Failure("ModuleNotFoundError", "No module named 'yaml'", built=True)
    (first, _) = finding_causes.of(failure).advice
    assert first.code == 'environment.python.conda_dependencies.add_pip_package("PyYAML")'


@given(st.text(max_size=60), st.text(max_size=300))
def test_every_error_has_a_title(type_: str, message: str) -> None:
    assert finding_causes.of(Failure(type_, message)).title


SIGNALS = [
    (9, SignalFacts(stopped="memory"), "limit"),
    (9, SignalFacts(machine_oom=True), "kernel"),
    (9, SignalFacts(free=0.5 * GB, total=64 * GB), "unknown"),
    (9, SignalFacts(free=32 * GB, total=64 * GB, user="mara"), "user"),
    (15, SignalFacts(stopped="shutdown"), "system"),
    (15, SignalFacts(user="mara"), "user"),
    (11, SignalFacts(machine_oom=True), "job"),
    (6, SignalFacts(), "job"),
]


@pytest.mark.parametrize(("number", "facts", "sender"), SIGNALS)
def test_who_sent_a_signal(number: int, facts: SignalFacts, sender: str) -> None:
    told = finding_signals.judge(number, facts)
    assert told["sender"] == sender
    assert told["sentence"].endswith(".")
    assert told["pid"] is None


@pytest.mark.parametrize(
    ("code", "number"),
    [(-9, 9), (137, 9), (143, 15), (1, None), (0, None), (255, None)],
)
def test_the_signal_behind_an_exit_code(code: int, number: int | None) -> None:
    assert finding_signals.number_of(code) == number


TRACEBACK = """Traceback (most recent call last):
  File "/w/runs/e/r/work/train.py", line 148, in train_epoch
    scaler.scale(loss).backward()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~^^
  File "/venv/lib/python3.11/site-packages/torch/_tensor.py", line 648, in backward
    torch.autograd.backward(
  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode
  File "<frozen importlib._bootstrap>", line 1, in _load
torch.OutOfMemoryError: CUDA out of memory."""


def test_frames_of_the_user_and_of_libraries() -> None:
    assert frames_of(TRACEBACK, "/w/runs/e/r/work", ["train.py"]) == [
        Frame("train.py", "train.py", 148, "train_epoch", "scaler.scale(loss).backward()", True),
        Frame("torch/_tensor.py", None, 648, "backward", "torch.autograd.backward(", False),
        Frame("json/decoder.py", None, 355, "raw_decode", "", False),
        Frame("<frozen importlib._bootstrap>", None, 1, "_load",
              "", False),
    ]  # fmt: skip


def test_a_file_that_lay_elsewhere_is_found_in_the_snapshot() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/home/mara/project/lib/net.py", line 2, in f\n'
        '  File "/tmp/ipykernel_4121/99.py", line 1, in <module>\n'
        '  File "/home/mara/other/away.py", line 2, in g\nKeyError: 1'
    )
    frames = frames_of(text, "/w/work", ["lib/net.py", "train.py"])
    assert [(f.file, f.path, f.own) for f in frames] == [
        ("lib/net.py", "lib/net.py", True), ("99.py", None, True), ("away.py", None, False),
    ]  # fmt: skip


def test_an_error_line_is_taken_apart() -> None:
    assert error_of("ValueError: a: b") == ("ValueError", "a: b")
    assert error_of("KeyboardInterrupt") == ("KeyboardInterrupt", "")
    assert error_of("segmentation fault") == ("", "segmentation fault")


@given(st.text(max_size=2000))
def test_no_text_breaks_the_reading_of_tracebacks(text: str) -> None:
    frames_of(text, "/w", [])
    error_of(text)


@given(st.lists(st.sampled_from(["--lr", "0.1", "-v", "in.csv", "--x=3", "-1", "b"]), max_size=8))
def test_every_word_of_a_command_line_is_an_option_a_value_or_positional(words: list[str]) -> None:
    options, rest = options_of(words), positional_of(words)
    for word in words:
        name = word.lstrip("-").split("=")[0]
        assert name in options or word in options.values() or word in rest
