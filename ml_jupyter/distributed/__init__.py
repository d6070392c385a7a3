"""Jobs of several processes: which ranks there are, and what each is started with (``plan``)."""

from __future__ import annotations

from ml_jupyter.distributed.distribution import Distribution, nodes_of

__all__ = ["Distribution", "nodes_of"]
