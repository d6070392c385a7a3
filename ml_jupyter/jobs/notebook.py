"""``python -m ml_jupyter.jobs.notebook FILE [ARGUMENT …]``: a notebook as a job.

Runs all cells in a kernel of this same Python, sends their output to the terminal as it comes, and
writes the executed notebook to ``outputs/<name>.ipynb`` after each cell, so that it is there also
after a failure or a stop. The arguments are ``sys.argv`` in a Python notebook. The only module here
that needs other packages: ``nbclient``, ``ipykernel``.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ml_jupyter.exceptions import MissingDependency

_ERROR_EXIT = 1


def main(arguments: Optional[List[str]] = None) -> int:
    """Execute the notebook that the command line names; the exit code of the job."""
    path, *rest = sys.argv[1:] if arguments is None else arguments
    signal.signal(signal.SIGTERM, _stop)
    try:
        return execute(Path(path), rest, Path("outputs") / Path(path).name)
    except MissingDependency as error:
        print(error, file=sys.stderr)
        return _ERROR_EXIT


def execute(path: Path, arguments: List[str], target: Path) -> int:
    """Run a notebook and write it, executed, to ``target``; 0, or 1 when a cell failed.

    Parameters
    ----------
    path : Path
        The notebook.
    arguments : list of str
        ``sys.argv[1:]`` of a Python notebook.
    target : Path
        File for the executed notebook; its folder is made.

    Raises
    ------
    MissingDependency
        ``nbclient`` is not installed in this Python.
    """
    nbformat, nbclient = _packages()
    notebook = nbformat.read(str(path), as_version=4)
    target.parent.mkdir(parents=True, exist_ok=True)

    def save(**_: Any) -> None:
        temporary = target.with_name(f".{target.name}")
        nbformat.write(notebook, str(temporary))
        os.replace(temporary, target)

    sockets = tempfile.mkdtemp(prefix="mlj-k-")
    client = _client(nbclient, notebook, sockets, save)
    try:
        with client.setup_kernel():
            _set_arguments(client, [path.name, *arguments])
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
                save()
    except nbclient.exceptions.CellExecutionError as error:
        _report(notebook, error)
        return _ERROR_EXIT
    except nbclient.exceptions.DeadKernelError:
        print("The notebook's kernel died.", file=sys.stderr)
        return _ERROR_EXIT
    finally:
        save()
        shutil.rmtree(sockets, ignore_errors=True)
    return 0


def _client(nbclient: Any, notebook: Any, sockets: str, save: Callable[..., None]) -> Any:
    class StreamingClient(nbclient.NotebookClient):  # type: ignore[misc]
        """Shows each output on the terminal the moment it comes."""

        def process_message(self, message: Dict[str, Any], cell: Any, index: int) -> Any:
            _show(message)
            return super().process_message(message, cell, index)

    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    options: Dict[str, Any] = {"timeout": None, "resources": {"metadata": {"path": os.getcwd()}}}
    if language == "python":
        options["km"] = _same_python(sockets)
    else:
        options["kernel_name"] = notebook.metadata["kernelspec"]["name"]
    return StreamingClient(notebook, on_cell_error=save, **options)


def _same_python(sockets: str) -> Any:
    """A kernel manager whose kernel is this interpreter, whatever kernels are registered.

    It talks through Unix sockets in the private folder ``sockets``, not through ports.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(transport="ipc", ip=os.path.join(sockets, "s"))
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python",
        language="python",
    )
    return manager


def _set_arguments(client: Any, argv: List[str]) -> None:
    if client.nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
        return
    client.kc.execute(f"import sys; sys.argv = {argv!r}; del sys", silent=True, store_history=False)


def _show(message: Dict[str, Any]) -> None:
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        stream = sys.stderr if content["name"] == "stderr" else sys.stdout
        stream.write(content["text"])
        stream.flush()
    elif kind in ("execute_result", "display_data"):
        text = content["data"].get("text/plain", "")
        print(text if isinstance(text, str) else "".join(text), flush=True)
    elif kind == "error":
        print("\n".join(content["traceback"]), file=sys.stderr, flush=True)


def _report(notebook: Any, error: Any) -> None:
    """The failure once more as a plain traceback, which the supervisor reads from the log."""
    failed = [index for index, cell in enumerate(notebook.cells, 1) if _has_error(cell)]
    where = f"cell {failed[-1]}" if failed else "a cell"
    lines = ["Traceback (most recent call last):", f"  The notebook stopped in {where}."]
    print("\n".join([*lines, f"{error.ename}: {error.evalue}"]), file=sys.stderr, flush=True)


def _has_error(cell: Any) -> bool:
    return any(output.get("output_type") == "error" for output in cell.get("outputs", ()))


def _packages() -> Any:
    try:
        import ipykernel  # noqa: F401
        import nbclient
        import nbclient.exceptions
        import nbformat
    except ImportError as error:
        name = error.name or "nbclient"
        missing = MissingDependency(
            name, "jobs", f"Running a notebook as a job in {sys.executable}"
        )
        missing.hint = f"Install it there with: pip install {name}"
        raise missing from error
    return nbformat, nbclient


def _stop(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
