"""The process of a deployed model: answers over HTTP, and keeps the model's own process alive.

``python -m ml_jupyter.serving`` is the program of a job of type ``webservice``. It needs tornado;
the model is in another process (``ml_jupyter.models.worker``), in the Python that the model needs.
"""
