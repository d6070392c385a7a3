"""``azureml.train.dnn`` under its name here."""

from __future__ import annotations

from ml_jupyter.sdk.estimator import Chainer, Gloo, Mpi, Nccl, ParameterServer, PyTorch, TensorFlow

__all__ = ["Chainer", "Gloo", "Mpi", "Nccl", "ParameterServer", "PyTorch", "TensorFlow"]
