"""Train a classifier on the digits of scikit-learn and log what it was trained with."""

import argparse
import os
import sys

import joblib
import numpy
import sklearn
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()

run = Run.get_context()
run.log("scikit_learn", sklearn.__version__)
run.log("numpy", numpy.__version__)
print(f"Python {sys.version.split()[0]}, scikit-learn {sklearn.__version__}")

x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16, y, test_size=0.3, random_state=0)
model = SGDClassifier(loss="log_loss", random_state=0)
for epoch in range(args.epochs):
    model.partial_fit(x_train, y_train, classes=list(range(10)))
    accuracy = model.score(x_test, y_test)
    run.log("accuracy", accuracy, step=epoch)
    print(f"epoch {epoch + 1:2d}/{args.epochs}: accuracy {accuracy:.3f}")

os.makedirs("outputs", exist_ok=True)
joblib.dump(model, "outputs/model.joblib")
