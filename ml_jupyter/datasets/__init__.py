"""Data of jobs: fetching remote files into a cache by content, and giving them to a job."""
