"""Train a network on digits, save it as TorchScript and as ONNX, compare and time both."""

import argparse
import os
import time

import numpy as np
import onnx
import onnxruntime
import torch
from sklearn.datasets import load_digits

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--num_epochs", type=int)
parser.add_argument("--output_dir")
args = parser.parse_args()
run = Run.get_context()
torch.manual_seed(0)

digits = load_digits()
images = torch.tensor(digits.images[:, None] / 16.0, dtype=torch.float32)
labels = torch.tensor(digits.target)
net = torch.nn.Sequential(
    torch.nn.Conv2d(1, 16, 3),
    torch.nn.ReLU(),
    torch.nn.Flatten(),
    torch.nn.Linear(16 * 36, 10),
)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(args.num_epochs):
    for part in torch.randperm(1500).split(100):
        loss = torch.nn.functional.cross_entropy(net(images[part]), labels[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    run.log("loss", loss.item(), step=epoch)
net.eval()
with torch.no_grad():
    run.log("accuracy", (net(images[1500:]).argmax(1) == labels[1500:]).float().mean().item())

torch.jit.script(net).save(os.path.join(args.output_dir, "model.pt"))
onnx_file = os.path.join(args.output_dir, "model.onnx")
torch.onnx.export(
    net,
    (images[:2],),
    onnx_file,
    input_names=["images"],
    output_names=["scores"],
    dynamic_shapes={"input": {0: torch.export.Dim("rows")}},
    dynamo=True,
    external_data=False,
)
onnx.checker.check_model(onnx.load(onnx_file))
session = onnxruntime.InferenceSession(onnx_file)
rows = images[1500:].numpy()
with torch.no_grad():
    np.testing.assert_allclose(
        session.run(None, {"images": rows})[0], net(images[1500:]).numpy(), rtol=1e-3, atol=1e-4
    )


def milliseconds(call):
    """Of one call, the median of many."""
    taken = []
    for _ in range(300):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return 1000 * float(np.median(taken))


one = images[:1]
with torch.inference_mode():
    run.log("PyTorch ms", milliseconds(lambda: net(one)))
run.log("onnxruntime ms", milliseconds(lambda: session.run(None, {"images": one.numpy()})))
print("the exported network gives the same")
