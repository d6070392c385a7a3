"""A job that takes long, so that there is something to stop."""

import time

from ml_jupyter.core import Run

run = Run.get_context()
print("Waiting, until somebody stops this run", flush=True)
for minute in range(60):
    run.log("waited_minutes", minute)
    time.sleep(60)
