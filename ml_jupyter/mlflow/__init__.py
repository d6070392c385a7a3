"""MLflow on our run folders: plugins which MLflow finds by their entry points.

Nothing here is imported by the rest of the package, and everything here needs MLflow.
"""
