"""Train models from a notebook, on the machine you have."""
