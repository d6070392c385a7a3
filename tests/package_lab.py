"""Packages made by hand: wheels in a folder, and a conda channel; no network is needed for them."""

from __future__ import annotations

import base64
import bz2
import hashlib
import io
import json
import os
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path


def wheel(
    folder: Path, name: str, version: str = "1.0", requires: Sequence[str] = (), text: str = ""
) -> Path:
    """A wheel with one module called ``name``, and a script of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {item}\n" for item in requires)
    files = {
        f"{name}.py": text or f"VERSION = {version!r}\ndef main():\n    print('{name}', VERSION)\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    rows = [f"{path},{_digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, data in files.items():
            archive.writestr(inner, data)
    return path


def source(folder: Path, name: str, setup: str, version: str = "1.0") -> Path:
    """A source distribution whose ``setup.py`` is given: it runs when the package is built."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}.tar.gz"
    base = f"{name}-{version}"
    info = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    backend = (
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\n'
    )
    with tarfile.open(path, "w:gz") as archive:
        for inner, text in {
            "PKG-INFO": info, "pyproject.toml": backend, "backend.py": setup,
        }.items():  # fmt: skip
            _add(archive, f"{base}/{inner}", text.encode())
    return path


def channel(folder: Path) -> Channel:
    """A conda channel without packages."""
    return Channel(folder)


class Channel:
    """A conda channel in a folder: packages of the format ``.tar.bz2`` and their index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = folder.as_uri()
        self._packages: dict[str, dict[str, object]] = {}
        for name in (_platform(), "noarch"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._write()

    def add(
        self,
        name: str,
        version: str = "1.0",
        files: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
        depends: Sequence[str] = (),
    ) -> None:
        """Add a package; ``links`` are symbolic ones."""
        index = {
            "name": name, "version": version, "build": "0", "build_number": 0,
            "depends": list(depends), "subdir": _platform(), "arch": "x86_64",
            "platform": _platform().split("-")[0],
        }  # fmt: skip
        data = _package(index, dict(files or {}), dict(links or {}))
        file = f"{name}-{version}-0.tar.bz2"
        (self.folder / _platform() / file).write_bytes(data)
        self._packages[file] = {
            **index,
            "md5": hashlib.md5(data).hexdigest(),
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
        }
        self._write()

    def add_python(self, program: str = "") -> None:
        """Add this Python as a package: what uv makes of a virtual environment, by hand."""
        base = Path(program or Path(getattr(sys, "_base_executable", sys.executable)).resolve())
        version = ".".join(map(str, sys.version_info[:3]))
        self.add(
            "python",
            version,
            files={"pyvenv.cfg": f"home = {base.parent}\nversion = {version}\n"},
            links={"bin/python": str(base), "bin/python3": "python"},
        )

    def _write(self) -> None:
        for name in (_platform(), "noarch"):
            packages = self._packages if name != "noarch" else {}
            value = {"info": {"subdir": name}, "packages": packages, "packages.conda": {}}
            (self.folder / name / "repodata.json").write_text(json.dumps(value))


def site_packages() -> str:
    """Where modules lie below the prefix of an environment."""
    return f"lib/python{sysconfig.get_python_version()}/site-packages"


def _package(
    index: Mapping[str, object], files: Mapping[str, str], links: Mapping[str, str]
) -> bytes:
    paths = [
        {
            "_path": path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "size_in_bytes": len(text.encode()),
        }
        for path, text in files.items()
    ]
    paths += [{"_path": path, "path_type": "softlink"} for path in links]
    info = {
        "info/index.json": json.dumps(index),
        "info/files": "\n".join([*files, *links]) + "\n",
        "info/paths.json": json.dumps({"paths": paths, "paths_version": 1}),
    }
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, text in {**info, **files}.items():
            _add(archive, path, text.encode())
        for path, target in links.items():
            entry = tarfile.TarInfo(path)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            archive.addfile(entry)
    return bz2.compress(stream.getvalue())


def _add(archive: tarfile.TarFile, path: str, data: bytes) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(data), 0o755 if "/bin/" in f"/{path}" else 0o644
    archive.addfile(entry, io.BytesIO(data))


def _platform() -> str:
    machine = os.uname().machine
    names = {"x86_64": "64", "arm64": "arm64", "aarch64": "aarch64"}
    return f"{'osx' if sys.platform == 'darwin' else 'linux'}-{names[machine]}"


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Gate:
    """A source package whose build waits until it may go on: for what happens during a build."""

    def __init__(self, folder: Path, name: str = "slow") -> None:
        self.started, self.go = folder / f"{name}.started", folder / f"{name}.go"
        made = wheel(folder / "ready", name)
        backend = (
            "import os, shutil, time\n"
            "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
            f"    with open({str(self.started)!r} + '.new', 'w') as file:\n"
            "        file.write(str(os.getpid()))\n"
            f"    os.replace({str(self.started)!r} + '.new', {str(self.started)!r})\n"
            f"    while not os.path.exists({str(self.go)!r}):\n"
            "        time.sleep(0.02)\n"
            f"    shutil.copy({str(made)!r}, folder)\n"
            f"    return {made.name!r}\n"
        )
        source(folder / "wheels", name, backend)

    @property
    def pid(self) -> int:
        """The process that builds it."""
        return int(self.started.read_text())
