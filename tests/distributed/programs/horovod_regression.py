"""Linear regression with Horovod: the gradients are averaged over all ranks."""

import horovod.torch as hvd
import torch

from ml_jupyter.core import Run

hvd.init()
print(f"rank {hvd.rank()} of {hvd.size()}", flush=True)
run = Run.get_context()
torch.manual_seed(hvd.rank())
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer = hvd.DistributedOptimizer(optimizer, named_parameters=model.named_parameters())
hvd.broadcast_parameters(model.state_dict(), root_rank=0)
weights = torch.tensor([[1.0], [-2.0], [3.0]])
for step in range(60):
    x = torch.randn(32, 3)
    loss = ((model(x) - x @ weights) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    mean = hvd.allreduce(loss.detach(), name="loss").item()
    if hvd.rank() == 0:
        run.log("loss", mean, step=step)
print("weights", [round(item, 2) for item in model.weight.flatten().tolist()], flush=True)
