"""Train a small model with the framework of this Python, save it, and print what it predicts."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def onnx(folder: Path) -> list[float]:
    from skl2onnx import to_onnx
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import Ridge

    x, y = load_diabetes(return_X_y=True)
    x = x.astype("float32")
    model = Ridge().fit(x, y)
    (folder / "ridge.onnx").write_bytes(to_onnx(model, x[:1]).SerializeToString())
    (folder / "rows.json").write_text(json.dumps(x[:3].tolist()))
    return model.predict(x[:3]).ravel().tolist()


def torch(folder: Path) -> list[float]:
    import torch

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
    rows = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    torch.jit.trace(model, rows).save(str(folder / "net.pt"))
    torch.save(model.state_dict(), folder / "weights.pt")
    (folder / "rows.json").write_text(json.dumps(rows.tolist()))
    return model(rows).ravel().tolist()


def exported(folder: Path) -> list[float]:
    import torch

    class Two(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.linear = torch.nn.Embedding(10, 4), torch.nn.Linear(4, 1)

        def forward(self, x: torch.Tensor, ids: torch.Tensor, *, scale: torch.Tensor) -> object:
            y = self.linear(x + self.words(ids)) * scale
            return {"y": y[:, 0], "parts": (x.sum(1), ids * 2)}

    torch.manual_seed(0)
    model = Two().eval()
    x, ids = torch.arange(12, dtype=torch.float32).reshape(3, 4), torch.tensor([1, 2, 3])
    rows = torch.export.Dim("rows")
    made = torch.export.export(
        model,
        (x, ids),
        {"scale": torch.tensor(2.0)},
        dynamic_shapes={"x": {0: rows}, "ids": {0: rows}, "scale": None},
    )
    torch.export.save(made, folder / "net.pt2")
    request = {"x": x.tolist(), "ids": ids.tolist(), "scale": 2.0}
    (folder / "rows.json").write_text(json.dumps([request]))
    return model(x, ids, scale=torch.tensor(2.0))["y"].tolist()


def zipmap(folder: Path) -> list[float]:
    import numpy
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    names = numpy.array([["red"], ["blue"], ["red"], ["green"]], dtype=object)
    sizes = numpy.array([[1.0], [2.0], [3.0], [4.0]], dtype=numpy.float32)
    columns = ColumnTransformer([("colour", OneHotEncoder(), [0])], remainder="passthrough")
    model = make_pipeline(columns, LogisticRegression())
    together = numpy.hstack([names, sizes])
    model.fit(together, ["yes", "no", "yes", "no"])
    types = [("colour", StringTensorType([None, 1])), ("size", FloatTensorType([None, 1]))]
    (folder / "colours.onnx").write_bytes(to_onnx(model, initial_types=types).SerializeToString())
    rows = [
        {"colour": [str(n)], "size": [float(s)]} for (n,), (s,) in zip(names, sizes, strict=True)
    ]
    (folder / "rows.json").write_text(json.dumps(rows))
    return model.predict_proba(together)[:, 1].tolist()


def tensorflow(folder: Path) -> list[float]:
    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self) -> None:
            self.w = tf.Variable(tf.reshape(tf.range(4, dtype=tf.float32), (4, 1)))

        @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32, name="x")])
        def score(self, x: tf.Tensor) -> dict[str, tf.Tensor]:
            return {"y": x @ self.w}

    net = Net()
    rows = tf.reshape(tf.range(12, dtype=tf.float32), (3, 4))
    tf.saved_model.save(net, str(folder / "saved"), signatures={"serving_default": net.score})
    (folder / "rows.json").write_text(json.dumps(rows.numpy().tolist()))
    return net.score(rows)["y"].numpy().ravel().tolist()


def keras(folder: Path) -> list[float]:
    import keras
    import numpy

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2), keras.layers.Dense(1)])
    model.save(folder / "net.keras")
    rows = numpy.arange(12, dtype="float32").reshape(3, 4)
    (folder / "rows.json").write_text(json.dumps(rows.tolist()))
    return numpy.asarray(model(rows)).ravel().tolist()


if __name__ == "__main__":
    makers = {maker.__name__: maker for maker in (onnx, zipmap, torch, exported, tensorflow, keras)}
    print(json.dumps(makers[sys.argv[1]](Path(sys.argv[2]))))
