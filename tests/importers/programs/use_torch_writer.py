import numpy
import torch
from torch.utils.tensorboard import SummaryWriter

with SummaryWriter("logs/first") as writer:
    for step in range(5):
        writer.add_scalar("loss", 1 / (step + 1), step, walltime=1_700_000_000 + step)
        writer.add_histogram("weights", torch.arange(100.0) * step, step)
        writer.add_histogram("raw", numpy.arange(100.0), step, bins=10)
    writer.add_scalars("both", {"train": 1.0, "test": 2.0}, 0)
    writer.add_scalar("new style", 0.5, 7, new_style=True)
    writer.add_text("note", "hello", 1)
    writer.add_image("picture", numpy.zeros((3, 4, 4), dtype=numpy.uint8), 2)
    writer.add_pr_curve("pr", numpy.array([0, 1]), numpy.array([0.2, 0.8]))
    writer.add_hparams({"lr": 0.1, "kind": "adam", "on": True}, {"best": 0.25}, run_name="hp")
