import lightning
import mlflow
import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


class Digits(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.line = torch.nn.Linear(64, 10)

    def forward(self, x):
        return self.line(x)

    def training_step(self, batch, _):
        loss = torch.nn.functional.cross_entropy(self(batch[0]), batch[1])
        self.log("loss", loss, on_epoch=True, on_step=False)
        return loss

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), 0.01)


x, y = load_digits(return_X_y=True)
data = TensorDataset(torch.tensor(x / 16, dtype=torch.float32), torch.tensor(y))
mlflow.pytorch.autolog(log_models=False)
trainer = lightning.Trainer(
    max_epochs=3, accelerator="cpu", enable_progress_bar=False, logger=False,
    enable_checkpointing=False,
)  # fmt: skip
with mlflow.start_run():
    trainer.fit(Digits(), DataLoader(data, batch_size=100))
