"""Train a small neural network on scikit-learn's digits and record everything about it.

The data are the 1,797 handwritten digits (8 x 8 pixels, 10 classes) that ship inside scikit-learn,
so nothing is downloaded. Run it through ml_jupyter, or by itself: then the log calls only print.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import joblib
import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from ml_jupyter.core import Run

matplotlib.use("Agg")
CLASSES = np.arange(10)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--learning-rate", type=float, default=0.002)
    parser.add_argument("--hidden", type=int, default=32, help="units of the hidden layer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after an epoch")
    return parser.parse_args()


def load_data(seed: int) -> list[np.ndarray]:
    """Training pixels, validation pixels, training labels, validation labels (75 : 25)."""
    pixels, labels = load_digits(return_X_y=True)
    parts = train_test_split(pixels, labels, test_size=0.25, random_state=seed, stratify=labels)
    scaler = StandardScaler().fit(parts[0])
    return [scaler.transform(parts[0]), scaler.transform(parts[1]), *parts[2:]]


def write_scalars(events: EventFileWriter, step: int, values: dict[str, float]) -> None:
    """Append one TensorBoard event with several scalars."""
    entries = [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()]
    events.add_event(Event(step=step, wall_time=time.time(), summary=Summary(value=entries)))
    events.flush()


def draw_confusion(truth: np.ndarray, guess: np.ndarray):
    """A matplotlib figure of the confusion matrix."""
    display = ConfusionMatrixDisplay.from_predictions(truth, guess, cmap="Blues", colorbar=False)
    display.ax_.set_title("Validation set")
    display.figure_.tight_layout()
    return display.figure_


def main() -> None:
    options = parse_arguments()
    run = Run.get_context()
    run.tag("primary_metric", "val_accuracy")
    train_x, val_x, train_y, val_y = load_data(options.seed)
    print(f"{len(train_x)} digits to train on, {len(val_x)} to validate", flush=True)

    model = MLPClassifier(
        hidden_layer_sizes=(options.hidden,),
        learning_rate_init=options.learning_rate,
        random_state=options.seed,
    )
    events = EventFileWriter("logs")
    for epoch in range(options.epochs):
        model.partial_fit(train_x, train_y, classes=CLASSES)
        scores = {
            "train_loss": float(log_loss(train_y, model.predict_proba(train_x), labels=CLASSES)),
            "val_loss": float(log_loss(val_y, model.predict_proba(val_x), labels=CLASSES)),
            "val_accuracy": float(accuracy_score(val_y, model.predict(val_x))),
        }
        for name, value in scores.items():
            run.log(name, value, step=epoch)
        write_scalars(events, epoch, scores)
        print(
            f"epoch {epoch + 1:3d}/{options.epochs}  loss {scores['train_loss']:.4f}"
            f"  val_accuracy {scores['val_accuracy']:.4f}",
            flush=True,
        )
        time.sleep(options.pause)
    events.close()

    guess = model.predict(val_x)
    run.log_image("confusion", plot=draw_confusion(val_y, guess))
    matrix = {
        "schema_type": "confusion_matrix",
        "schema_version": "1.0.0",
        "data": {
            "class_labels": [str(label) for label in CLASSES],
            "matrix": confusion_matrix(val_y, guess).tolist(),
        },
    }
    run.log_confusion_matrix("confusion_matrix", matrix)
    Path("outputs").mkdir(exist_ok=True)
    joblib.dump(model, "outputs/model.joblib")
    print("model written to outputs/model.joblib", flush=True)


if __name__ == "__main__":
    main()
