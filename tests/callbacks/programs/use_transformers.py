import torch
from transformers import Trainer, TrainingArguments

from ml_jupyter.callbacks import TransformersCallback


class Line(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.line = torch.nn.Linear(1, 1)

    def forward(self, x, labels):
        y = self.line(x)
        return {"loss": torch.nn.functional.mse_loss(y, labels), "logits": y}


rows = [{"x": torch.tensor([n / 10]), "labels": torch.tensor([n / 5])} for n in range(40)]
arguments = TrainingArguments(
    "outputs", num_train_epochs=3, per_device_train_batch_size=10, logging_steps=2,
    learning_rate=0.05, report_to="none", save_strategy="no", use_cpu=True, disable_tqdm=True,
)  # fmt: skip
Trainer(Line(), arguments, train_dataset=rows, callbacks=[TransformersCallback()]).train()
