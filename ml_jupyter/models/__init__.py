"""Registered models and the services that answer with them.

``store`` keeps models by content in the workspace, ``services`` keeps what is deployed, ``worker``
is the process that holds a model in memory. Standard library only, Python 3.8 and later: the
worker runs in whatever Python the model needs.
"""
