"""Linear regression whose weights lie on a parameter server (the way of TensorFlow 1)."""

import json
import os

import numpy as np
import tensorflow.compat.v1 as tf

from ml_jupyter.core import Run

tf.disable_eager_execution()
config = json.loads(os.environ["TF_CONFIG"])
cluster = tf.train.ClusterSpec(config["cluster"])
kind, index = config["task"]["type"], config["task"]["index"]
server = tf.train.Server(cluster, job_name=kind, task_index=index)
if kind == "ps":
    print("serving", flush=True)
    server.join()

device = tf.train.replica_device_setter(worker_device=f"/job:worker/task:{index}", cluster=cluster)
with tf.device(device):
    x = tf.placeholder(tf.float32, (None, 3))
    y = tf.placeholder(tf.float32, (None,))
    weights = tf.get_variable("weights", (3,), initializer=tf.zeros_initializer())
    arrived = tf.get_variable("arrived", (), initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.square(tf.linalg.matvec(x, weights) - y))
    train = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
    arrive = tf.assign_add(arrived, 1.0, use_locking=True)
print("weights are on", weights.device, flush=True)

run = Run.get_context()
numbers = np.random.default_rng(index)
with tf.train.MonitoredTrainingSession(master=server.target, is_chief=index == 0) as session:
    session.run(arrive)
    while session.run(arrived) < len(config["cluster"]["worker"]):
        pass
    print("all workers are there", flush=True)
    for step in range(100):
        inputs = numbers.normal(size=(32, 3))
        feed = {x: inputs, y: inputs @ np.array([1.0, -2.0, 3.0])}
        value, _ = session.run([loss, train], feed)
        run.log(f"loss of worker {index}", float(value), step=step)
    print("weights", np.round(session.run(weights), 1).tolist(), flush=True)
