"""A job that knows its parent, and records into the root of the tree."""

import argparse

from ml_jupyter.core import Run


def root_run(run: Run) -> Run:
    """The run at the top of the tree that ``run`` belongs to."""
    if run.parent is None:
        return run
    return root_run(run.parent)


parser = argparse.ArgumentParser()
parser.add_argument("--fruit")
options = parser.parse_args()

child_run = Run.get_context()
child_run.log("fruit", options.fruit)
print(f"{options.fruit}: child of {child_run.parent.id}", flush=True)
root_run(child_run).log("MyMetric", f"Data from child run {child_run.id}")
