"""Submitted runs: snapshot, queue, dispatcher, supervisor. Standard library only.

Only ``submit`` is meant for the layers above; the other modules are its parts (``docs/jobs.md``).
"""
