"""Train two dense layers on gzipped digits of a folder, and save them as a SavedModel."""

import argparse
import glob
import gzip
import itertools
import os

import numpy as np
import tensorflow as tf

from ml_jupyter.core import Run

parser = argparse.ArgumentParser()
parser.add_argument("--data-folder")
parser.add_argument("--batch-size", type=int)
parser.add_argument("--first-layer-neurons", type=int)
parser.add_argument("--second-layer-neurons", type=int)
parser.add_argument("--learning-rate", type=float)
args = parser.parse_args()
run = Run.get_context()


def read(name, width):
    """Rows of bytes of one of the files."""
    (path,) = glob.glob(os.path.join(args.data_folder, "**", name), recursive=True)
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8).reshape(-1, width)


images = tf.constant(read("train-images.gz", 64) / 16.0, tf.float32)
labels = tf.constant(read("train-labels.gz", 1)[:, 0], tf.int32)
tf.random.set_seed(0)


class Net(tf.Module):
    """Two layers of neurons and one of classes."""

    def __init__(self, sizes):
        super().__init__()
        self.layers = [
            (tf.Variable(tf.random.normal((n, m), stddev=n**-0.5)), tf.Variable(tf.zeros(m)))
            for n, m in itertools.pairwise(sizes)
        ]

    @tf.function(input_signature=[tf.TensorSpec((None, 64), tf.float32, name="x")])
    def scores(self, x):
        """Scores of ten classes."""
        for weights, bias in self.layers[:-1]:
            x = tf.nn.relu(x @ weights + bias)
        return {"scores": x @ self.layers[-1][0] + self.layers[-1][1]}


net = Net([64, args.first_layer_neurons, args.second_layer_neurons, 10])
rate = 20 * args.learning_rate
batches = tf.data.Dataset.from_tensor_slices((images, labels)).batch(args.batch_size)
for epoch in range(4):
    for x, y in batches:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(y, net.scores(x)["scores"])
            )
        variables = net.trainable_variables
        for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            variable.assign_sub(rate * gradient)
    run.log("loss", float(loss), step=epoch)
found = tf.argmax(net.scores(images)["scores"], axis=1, output_type=tf.int32)
run.log("accuracy", float(tf.reduce_mean(tf.cast(found == labels, tf.float32))))
tf.saved_model.save(net, "./outputs/model", signatures={"serving_default": net.scores})
