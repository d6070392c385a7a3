"""Which page shows this kernel's outputs: what can be known of it inside the kernel."""

from __future__ import annotations

import os
import sys

#: Set by jupyter-server (2.0 and later) for the kernel of a notebook: the notebook's path.
_SESSION = "JPY_SESSION_NAME"
#: In the name that VS Code gives to a notebook's session on a Jupyter server.
_VS_CODE_SESSION = "-jvsc-"
#: The global in which VS Code tells a kernel its notebook's path.
_VS_CODE_GLOBAL = "__vsc_ipynb_file__"
_PYCHARM = "PYCHARM_HOSTED"


def one_document() -> bool:
    """Whether outputs and widgets share one document, as in JupyterLab and Notebook.

    VS Code, Colab and PyCharm put them into frames of their own, and begin a widget's program
    only where an output names the widget. An unknown host is taken for one of these.
    """
    session = os.environ.get(_SESSION, "")
    if not session or _VS_CODE_SESSION in session:
        return False
    return not ("google.colab" in sys.modules or _PYCHARM in os.environ or _in_vs_code())


def _in_vs_code() -> bool:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and _VS_CODE_GLOBAL in shell.user_ns
