"""A job that makes five child runs of its own."""

from ml_jupyter.core import Run

run = Run.get_context()
for count in range(5):
    with run.child_run() as child:
        child.log(name="Hello from child run", value=count)
        print(f"child run {count} recorded", flush=True)
