"""The smallest job: say hello, and record it."""

from ml_jupyter.core import Run

run = Run.get_context()
print("Hello from a submitted script!")
run.log(name="message", value="Hello from a submitted script!")
