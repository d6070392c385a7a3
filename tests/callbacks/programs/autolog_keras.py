import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import mlflow
from sklearn.datasets import load_digits

x, y = load_digits(return_X_y=True)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(10)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
mlflow.keras.autolog(log_models=False, log_datasets=False)
with mlflow.start_run():
    model.fit(x / 16, y, epochs=3, batch_size=100, verbose=0)
