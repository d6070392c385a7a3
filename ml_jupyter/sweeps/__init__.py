"""Sweeps: which parameters to try next, which trials to stop, and the run that sees to both."""
