"""The ``mlj`` command: the same workspace, runs and queue from a shell."""
