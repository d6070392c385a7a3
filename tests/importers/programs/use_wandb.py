import sys
import time

import numpy
import wandb

picture = numpy.zeros((4, 4, 3), dtype=numpy.uint8)
config = {"lr": 0.1, "opt": {"name": "adam"}}
run = wandb.init(
    project="my project", name="named", config=config, tags=["baseline"], notes="why", dir=".",
    group="ablation", mode="offline", settings=wandb.Settings(x_stats_sampling_interval=0.2),
)  # fmt: skip
print("hello from the program")
for step in range(5):
    run.log(
        {"loss": 1 / (step + 1), "val": {"acc": step}, "note": f"step {step}", "nan": float("nan")}
    )
run.log({
    "picture": wandb.Image(picture),
    "pictures": [wandb.Image(picture), wandb.Image(picture)],
    "values": wandb.Histogram(numpy.arange(100)),
    "table": wandb.Table(columns=["a"], data=[[1]]),
})  # fmt: skip
run.config.update({"late": 3})
time.sleep(1)  # for samples of what it uses
run.summary["best"] = 0.2
sys.exit(3)
