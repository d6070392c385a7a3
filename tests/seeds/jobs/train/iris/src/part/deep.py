"""Is there, deep in the folder of the sources."""
