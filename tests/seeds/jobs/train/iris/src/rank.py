"""Say which process this is, and what data it sees."""

import os
import sys

names = ("RANK", "WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "TF_CONFIG")
print(
    "rank",
    {name: os.environ[name] for name in names if name in os.environ},
    "sees",
    sorted(os.listdir(sys.argv[2])),
)
