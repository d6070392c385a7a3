"""Train a small network on the digits of scikit-learn with MultiWorkerMirroredStrategy."""

import argparse
import json
import os

import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--learning-rate", type=float, default=0.05)
parser.add_argument("--model-dir", default="outputs/model")
args = parser.parse_args()

config = json.loads(os.environ["TF_CONFIG"])
index, count = config["task"]["index"], len(config["cluster"]["worker"])
strategy = tf.distribute.MultiWorkerMirroredStrategy()
run = Run.get_context()
print(f"worker {index} of {count}: {strategy.num_replicas_in_sync} replicas", flush=True)

digits = load_digits()
images = (digits.data / 16.0).astype(np.float32)
labels = digits.target.astype(np.int64)
mine = slice(index, 1500, count)
data = tf.data.Dataset.from_tensor_slices((images[:1500][mine], labels[:1500][mine]))
data = data.shuffle(1500, seed=1).batch(50, drop_remainder=True)

with strategy.scope():
    first = tf.Variable(tf.random.stateless_normal((64, 64), seed=(1, 1)) * 0.15)
    bias = tf.Variable(tf.zeros(64))
    last = tf.Variable(tf.random.stateless_normal((64, 10), seed=(1, 2)) * 0.15)


def logits_of(x):
    return tf.nn.relu(x @ first + bias) @ last


@tf.function
def step(x, y):
    def replica(x, y):
        with tf.GradientTape() as tape:
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits_of(x))
            loss = tf.reduce_mean(each)
        variables = [first, bias, last]
        gradients = tape.gradient(loss, variables)
        context = tf.distribute.get_replica_context()
        gradients = context.all_reduce(tf.distribute.ReduceOp.MEAN, gradients)
        for variable, gradient in zip(variables, gradients, strict=True):
            variable.assign_sub(args.learning_rate * gradient)
        return loss

    return strategy.reduce(tf.distribute.ReduceOp.MEAN, strategy.run(replica, (x, y)), axis=None)


for epoch in range(args.epochs):
    losses = [step(x, y).numpy() for x, y in data]
    if index == 0:
        run.log("loss", float(np.mean(losses)), step=epoch)
        print(f"epoch {epoch}: loss {np.mean(losses):.4f}", flush=True)

if index == 0:
    found = tf.argmax(logits_of(images[1500:]), axis=1).numpy()
    accuracy = float(np.mean(found == labels[1500:]))
    run.log("accuracy", accuracy)
    print(f"accuracy {accuracy:.3f}", flush=True)
    weights = {"first": first.numpy(), "bias": bias.numpy(), "last": last.numpy()}
    os.makedirs(args.model_dir, exist_ok=True)
    np.savez(os.path.join(args.model_dir, "weights.npz"), **weights)
