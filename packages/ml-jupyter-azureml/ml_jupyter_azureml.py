"""Turns the names of the Azure ML SDK on when one of them is first imported."""

from __future__ import annotations

import sys


class _Waiting:
    """Finds nothing itself: it puts ``ml_jupyter``'s own finder in its place when it is time."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> object:
        if fullname != "azureml":
            return None
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        from ml_jupyter.azureml import alias

        return alias.AliasFinder().find_spec(fullname, None) if alias.install_where_free() else None


sys.meta_path.insert(0, _Waiting())  # type: ignore[arg-type]
