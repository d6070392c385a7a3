"""The main job in a terminal: submit, queue, live log, metrics, child runs, result."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import demo_place

from ml_jupyter.core import Experiment, Run, ScriptRunConfig, Workspace

RATES = (0.0005, 0.002, 0.008)
EPOCHS = 30
WAIT_S = 300.0


def main() -> int:
    """Run the demo; 0 when every run completed."""
    demo_place.enter()
    demo_place.copy_notebooks()
    os.chdir(demo_place.NOTEBOOKS)
    workspace = Workspace.from_config()
    experiment = Experiment(workspace, "digits")

    head("Submit three trainings on scikit-learn's handwritten digits")
    runs = [submit(experiment, rate) for rate in RATES]

    head("The queue of this machine")
    wait_for_start(runs[0])
    mlj("queue")

    head("The log of the first one, live")
    runs[0].wait_for_completion(show_output=True)
    for run in runs[1:]:
        run.wait_for_completion()

    head("What they recorded")
    best = compare(runs)

    head("A job that makes child runs")
    parent = experiment.submit(ScriptRunConfig(".", "hello_with_children.py"))
    parent.wait_for_completion()
    for child in parent.get_children():
        print(f"  {child.id}  {child.get_status()}  {child.get_metrics()}")

    head("The best model")
    model = Path("downloads") / "best-model.joblib"
    best.download_file("outputs/model.joblib", str(model))
    print(f"  run {best.number} keeps {len(best.get_file_names())} files, among them the model")
    print(f"  downloaded to {model.resolve().relative_to(demo_place.ROOT)}")

    head("See it in JupyterLab")
    print("  make lab      opens the quickstart beside the sidebar with these runs")
    done = [*runs, parent]
    return 0 if all(run.get_status() == "Completed" for run in done) else 1


def submit(experiment: Experiment, rate: float) -> Run:
    """Send one training to the queue."""
    arguments = ["--epochs", EPOCHS, "--learning-rate", rate, "--pause", 0.1]
    begun = time.perf_counter()
    run = experiment.submit(ScriptRunConfig("quickstart", "train.py", arguments=arguments))
    run.tag("source", "demo")
    run.display_name = f"learning rate {rate}"
    took = (time.perf_counter() - begun) * 1000
    print(f"  run {run.number}: learning rate {rate}, {run.get_status()} after {took:.0f} ms")
    return run


def wait_for_start(run: Run) -> None:
    """Return when the run has left the queue."""
    deadline = time.monotonic() + WAIT_S
    while run.get_status() in ("NotStarted", "Queued"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{run.id} still waits: {run.get_details()}")
        time.sleep(0.02)


def compare(runs: list[Run]) -> Run:
    """Print a line for each run; the one with the best validation accuracy."""
    scores: dict[str, float] = {}
    for run in runs:
        accuracy = run.get_metrics("val_accuracy")["val_accuracy"]
        scores[run.id] = max(accuracy)
        facts = f"{run.get_status():<10} {len(accuracy)} epochs"
        print(
            f"  run {run.number}  {run.display_name:<22} {facts}  best accuracy {max(accuracy):.4f}"
        )
    return max(runs, key=lambda run: scores[run.id])


def mlj(*arguments: str) -> None:
    """Run the command line as a user would."""
    program = Path(sys.executable).with_name("mlj")
    subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, check=True)


def head(text: str) -> None:
    """Print a section's title."""
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
