"""A job that submits three other jobs as its children, and waits for them."""

from ml_jupyter.core import Run, ScriptRunConfig

run = Run.get_context()

child_args = ["Apple", "Banana", "Orange"]
for arg in child_args:
    run.log("Status", f"Launching {arg}")
    child_config = ScriptRunConfig(
        source_directory=".", script="child.py", arguments=["--fruit", arg], compute_target="local"
    )
    # Returns at once: the child waits in the queue like any other job.
    run.submit_child(child_config)

# Without this loop the parent would complete now and the children would go on by themselves.
for child in run.get_children():
    child.wait_for_completion()
    print(child.id, child.get_status(), flush=True)
