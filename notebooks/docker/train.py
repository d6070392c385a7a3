"""Fit a line to noisy points by gradient descent: it needs nothing but Python."""

import argparse
import platform
import random
from pathlib import Path

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.5)
parser.add_argument("--epochs", type=int, default=30)
options = parser.parse_args()

run = Run.get_context()
made_of = Path("/etc/made-for-this-run")
print("Python", platform.python_version())
print(made_of.read_text().strip() if made_of.exists() else "The image as it came.")

random.seed(0)
points = [(x / 50, 3 * x / 50 + 1 + random.gauss(0, 0.05)) for x in range(50)]
slope, offset = 0.0, 0.0
for epoch in range(options.epochs):
    errors = [(slope * x + offset - y, x) for x, y in points]
    loss = sum(error * error for error, _ in errors) / len(errors)
    slope -= options.lr * 2 * sum(error * x for error, x in errors) / len(errors)
    offset -= options.lr * 2 * sum(error for error, _ in errors) / len(errors)
    run.log("loss", loss)
run.tag("slope", f"{slope:.2f}")
Path("outputs", "model.txt").write_text(f"{slope} {offset}\n")
print(f"loss {loss:.4f}, slope {slope:.2f}, offset {offset:.2f}")
