"""Trains on one part of a table and tests on the other."""

from sklearn.linear_model import LogisticRegression

from ml_jupyter import Run

run = Run.get_context()
train = run.input_datasets["train"].to_pandas_dataframe()
test = run.input_datasets["test"].to_pandas_dataframe()
model = LogisticRegression().fit(train.drop(columns="cultivar"), train["cultivar"])
run.log("accuracy", model.score(test.drop(columns="cultivar"), test["cultivar"]))
