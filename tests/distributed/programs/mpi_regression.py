"""Linear regression with mpi4py: the gradients are averaged over all ranks."""

import os
import random
import sys

from mpi4py import MPI

from ml_jupyter.core import Run

world = MPI.COMM_WORLD
print(
    f"rank {world.rank} of {world.size}, node {os.environ['NODE_RANK']}", sys.argv[1:], flush=True
)
everybody = world.allgather(int(os.environ["OMPI_COMM_WORLD_RANK"]))
print("everybody", everybody, flush=True)

run = Run.get_context()
numbers = random.Random(world.rank)
weight, bias = 0.0, 0.0
for step in range(100):
    points = [(x, 3.0 * x - 1.0) for x in (numbers.uniform(-1, 1) for _ in range(20))]
    errors = [weight * x + bias - y for x, y in points]
    of_weight = sum(2 * e * x for e, (x, _) in zip(errors, points, strict=True)) / len(points)
    of_bias = sum(2 * e for e in errors) / len(points)
    loss = world.allreduce(sum(e * e for e in errors) / len(points)) / world.size
    weight -= 0.3 * world.allreduce(of_weight) / world.size
    bias -= 0.3 * world.allreduce(of_bias) / world.size
    if world.rank == 0:
        run.log("loss", loss, step=step)
    if world.rank == 1 and step == 50 and "fail" in sys.argv:
        raise ValueError("rank 1 has had enough")
print(f"weight {weight:.2f}, bias {bias:.2f}", flush=True)
