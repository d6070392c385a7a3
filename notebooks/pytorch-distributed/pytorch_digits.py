"""Train a small network on the digits of scikit-learn with DistributedDataParallel."""

import argparse
import os

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--dist-backend", default="gloo")
parser.add_argument("--dist-url", default="env://")
parser.add_argument("--rank", type=int, default=int(os.environ.get("RANK", 0)))
parser.add_argument("--world-size", type=int, default=int(os.environ.get("WORLD_SIZE", 1)))
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--learning-rate", type=float, default=0.1)
args = parser.parse_args()

dist.init_process_group(
    backend=args.dist_backend,
    init_method=args.dist_url,
    rank=args.rank,
    world_size=args.world_size,
)
run = Run.get_context()
local_rank = int(os.environ.get("LOCAL_RANK", 0))
device = torch.device("cpu")
if args.dist_backend == "nccl":
    device = torch.device("cuda", local_rank % torch.cuda.device_count())
    torch.cuda.set_device(device)

digits = load_digits()
images = torch.tensor(digits.data / 16.0, dtype=torch.float32)
labels = torch.tensor(digits.target, dtype=torch.int64)
train = TensorDataset(images[:1500], labels[:1500])
sampler = DistributedSampler(train, num_replicas=args.world_size, rank=args.rank, seed=1)
loader = DataLoader(train, batch_size=50, sampler=sampler)

torch.manual_seed(1)
network = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).to(device)
model = DistributedDataParallel(network)
optimizer = torch.optim.SGD(model.parameters(), lr=args.learning_rate, momentum=0.9)
loss_of = nn.CrossEntropyLoss()
print(f"rank {args.rank} of {args.world_size}: {len(sampler)} images of {len(train)}", flush=True)

for epoch in range(args.epochs):
    sampler.set_epoch(epoch)
    total = torch.zeros(2, device=device)
    for x, y in loader:
        loss = loss_of(model(x.to(device)), y.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += torch.tensor([loss.item(), 1.0], device=device)
    run.log(f"loss of rank {args.rank}", total[0].item() / total[1].item(), step=epoch)
    dist.all_reduce(total)
    if args.rank == 0:
        run.log("loss", total[0].item() / total[1].item(), step=epoch)
        print(f"epoch {epoch}: loss {total[0].item() / total[1].item():.4f}", flush=True)

if args.rank == 0:
    with torch.no_grad():
        found = network(images[1500:].to(device)).argmax(dim=1).cpu()
    accuracy = (found == labels[1500:]).float().mean().item()
    run.log("accuracy", accuracy)
    print(f"accuracy {accuracy:.3f}", flush=True)
    torch.save(network.state_dict(), "outputs/model.pt")
dist.destroy_process_group()
