import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
from sklearn.datasets import load_digits

from ml_jupyter.callbacks import KerasCallback

x, y = load_digits(return_X_y=True)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(10)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(keras.optimizers.Adam(0.01), loss, metrics=["accuracy"])
callback = KerasCallback(every_batches=5)
model.fit(
    x / 16, y, epochs=3, batch_size=100, validation_split=0.2, verbose=0, callbacks=[callback]
)
