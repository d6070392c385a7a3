"""Job files: YAML of three dialects, read into one model, every finding with its place.

``read.load`` is the entry. Nothing here submits a job or needs a workspace.
"""
