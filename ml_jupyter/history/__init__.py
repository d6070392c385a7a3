"""The record of runs: plain files that outlive every process, and an index over them.

Standard library only. The format is documented in ``docs/run-folder.md``.
"""
