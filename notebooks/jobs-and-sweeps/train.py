"""Train a small network on scikit-learn's digits; the model goes to the folder of --model."""

import argparse
from pathlib import Path

import joblib
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

from ml_jupyter import Run

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--learning-rate", type=float, default=0.001)
parser.add_argument("--hidden", type=int, default=16)
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--model", type=Path, default=Path("outputs"))
options = parser.parse_args()

run = Run.get_context()
pixels, labels = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(pixels / 16, labels, random_state=0)
network = MLPClassifier((options.hidden,), learning_rate_init=options.learning_rate, random_state=0)
for epoch in range(options.epochs):
    network.partial_fit(train_x, train_y, classes=range(10))
    accuracy = network.score(test_x, test_y)
    run.log("accuracy", accuracy, step=epoch)
    print(f"epoch {epoch + 1}/{options.epochs}: accuracy {accuracy:.3f}", flush=True)
options.model.mkdir(parents=True, exist_ok=True)
joblib.dump(network, options.model / "network.joblib")
