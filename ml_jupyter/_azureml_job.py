"""``import azureml`` in a job: a folder for ``PYTHONPATH`` with a package of that name.

The folder comes before the site packages of the job's Python, so the package in it steps aside for
an installed SDK: it only adds the SDK's folder to its own path.
"""

from __future__ import annotations

from pathlib import Path

from ml_jupyter._files import write_atomic

_TEXT = '''"""The names of the Azure ML SDK: its own where it is installed, else ml_jupyter's."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

from ml_jupyter.azureml.alias import install_where_free

install_where_free()
'''


def write_package(folder: Path) -> Path:
    """Write the package ``azureml`` below ``folder``, once; the folder for the path.

    Raises
    ------
    StorageFailed
        The folder cannot be written.
    """
    path = folder / "azureml" / "__init__.py"
    try:
        if path.read_text("utf-8") == _TEXT:
            return folder
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, _TEXT.encode("utf-8"), sync=False)
    return folder
