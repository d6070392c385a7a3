"""Train a classifier of digits, export it to ONNX, check that both agree, and time them."""

import argparse
import time

import joblib
import numpy as np
import onnx
import onnxruntime
from skl2onnx import to_onnx
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from ml_jupyter import Run


def milliseconds(predict, repeats=200):
    """Median time of one call, after a first one to warm up."""
    predict()
    took = []
    for _ in range(repeats):
        start = time.perf_counter()
        predict()
        took.append(time.perf_counter() - start)
    return 1000 * float(np.median(took))


parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=64)
hidden = parser.parse_args().hidden

run = Run.get_context()
x, y = load_digits(return_X_y=True)
x = x.astype(np.float32)
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
model = MLPClassifier((hidden,), max_iter=300, random_state=0).fit(x_train, y_train)
run.log("accuracy", model.score(x_test, y_test))
joblib.dump(model, "outputs/digits.pkl")

exported = to_onnx(model, x[:1], options={"zipmap": False})
onnx.checker.check_model(exported)
with open("outputs/digits.onnx", "wb") as file:
    file.write(exported.SerializeToString())

session = onnxruntime.InferenceSession("outputs/digits.onnx")
name = session.get_inputs()[0].name
labels, probabilities = session.run(None, {name: x_test})
np.testing.assert_array_equal(labels, model.predict(x_test))
np.testing.assert_allclose(probabilities, model.predict_proba(x_test), atol=1e-4)

one = x_test[:1]
run.log("scikit-learn ms", milliseconds(lambda: model.predict_proba(one)))
run.log("onnxruntime ms", milliseconds(lambda: session.run(None, {name: one})))
print(f"accuracy {model.score(x_test, y_test):.3f}; the exported model gives the same")
