"""Fit LightGBM to the table, and let MLflow log what it can."""

import argparse

import lightgbm
import mlflow
import pandas
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--iris-csv")
parser.add_argument("--rate", type=float)
given = parser.parse_args()
table = pandas.read_csv(given.iris_csv)
parts = train_test_split(table.drop(columns="kind"), table["kind"], random_state=0)
train_x, test_x, train_y, test_y = parts
train = lightgbm.Dataset(train_x, label=train_y)
test = lightgbm.Dataset(test_x, label=test_y, reference=train)

mlflow.autolog()
mlflow.log_param("rows", len(table))
parameters = {"objective": "multiclass", "num_class": 3, "learning_rate": given.rate, "verbose": -1}
lightgbm.train(parameters, train, num_boost_round=10, valid_sets=[test], valid_names=["test"])
