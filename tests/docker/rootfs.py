"""Images for tests, without any registry: from files of this machine, or from Debian's packages."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

_LEFT_OUT = {
    "__pycache__", "site-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3",
    "ensurepip", "pydoc_data", "dist-packages",
}  # fmt: skip
_RELEASE = "bookworm"
_LIBRARY = re.compile(r"(?:=>\s*)?(/\S+)\s+\(0x")
_LOADER = re.compile(r"/lib\S*/ld-linux\S*")


def of_python(prefix: Path, version: str, with_shell: bool = True) -> bytes:
    """A root file system with a Python of this machine and its libraries: a tar archive.

    Parameters
    ----------
    prefix : Path
        Where the Python is installed.
    version : str
        ``python3.11``.
    """
    binary = Path(os.path.realpath(prefix / "bin" / version))
    modules = prefix / "lib" / version
    shell = Path(os.path.realpath("/bin/sh"))
    compiled = sorted((modules / "lib-dynload").glob("*.so"))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("tmp", "etc", "proc", "dev", "sys", "bin"):
            archive.addfile(_folder(name))
        archive.add(binary, f"usr/local/bin/{version}")
        for name in ("python3", "python"):
            archive.addfile(_link(f"usr/local/bin/{name}", version))
        if with_shell:
            archive.add(shell, "bin/sh")
        for path in _files(modules):
            archive.add(path, f"usr/local/lib/{version}/{path.relative_to(modules)}")
        for library in sorted(libraries([binary, shell, *compiled])):
            archive.add(os.path.realpath(library), library.lstrip("/"))
    return buffer.getvalue()


def of_this_python(with_shell: bool = True) -> bytes:
    """As ``of_python``, of the Python that runs the tests."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return of_python(Path(sys.base_prefix), version, with_shell)


def of_debian(cache: Path, folder: Path) -> bytes:
    """A small Debian with its own Python, as a tar archive; half a minute, then kept in ``cache``.

    Parameters
    ----------
    cache : Path
        Folder of kept archives; made when missing.
    folder : Path
        An empty folder to work in.
    """
    kept = cache / f"{_RELEASE}.tar"
    if kept.exists():
        return kept.read_bytes()
    place = folder / "rootfs"
    program = shutil.which("debootstrap") or "/usr/sbin/debootstrap"
    options = ["--variant=minbase", "--include=python3"]
    subprocess.run(
        [program, *options, _RELEASE, str(place)], check=True, capture_output=True, timeout=600
    )
    cache.mkdir(parents=True, exist_ok=True)
    half = cache / f"{_RELEASE}.{os.getpid()}"
    subprocess.run(["tar", "-C", str(place), "-cf", str(half), "."], check=True)
    shutil.rmtree(place)
    half.rename(kept)
    return kept.read_bytes()


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [
            name for name in folders if name not in _LEFT_OUT and not name.startswith("config-")
        ]
        for name in names:
            if not name.endswith((".a", ".pyc")):
                yield Path(place, name)


def libraries(programs: list[Path]) -> set[str]:
    """Shared libraries that programs load, and the loader itself (ldd(1))."""
    found: set[str] = set()
    for program in programs:
        said = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
        found.update(_LIBRARY.findall(said.stdout))
        found.update(_LOADER.findall(said.stdout))
    return found


def _folder(name: str) -> tarfile.TarInfo:
    facts = tarfile.TarInfo(name)
    facts.type, facts.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
    return facts


def _link(name: str, target: str) -> tarfile.TarInfo:
    facts = tarfile.TarInfo(name)
    facts.type, facts.linkname = tarfile.SYMTYPE, target
    return facts
