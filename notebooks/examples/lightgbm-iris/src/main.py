"""Train a LightGBM model on the iris data; MLflow logs parameters, metrics and the model."""

import argparse

import lightgbm
import mlflow
import pandas
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split

ROUNDS = 20


def arguments() -> argparse.Namespace:
    """What the command says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--iris-csv", required=True)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--boosting", choices=("gbdt", "dart"), default="gbdt")
    return parser.parse_args()


def main() -> None:
    """Train on four fifths of the flowers and test on the others."""
    args = arguments()
    mlflow.autolog()

    flowers = pandas.read_csv(args.iris_csv)
    features = flowers.drop(columns="species")
    species = flowers["species"].astype("category").cat.codes
    train_x, test_x, train_y, test_y = train_test_split(
        features, species, test_size=0.2, random_state=42, stratify=species
    )
    train = lightgbm.Dataset(train_x, label=train_y)
    test = lightgbm.Dataset(test_x, label=test_y, reference=train)
    parameters = {
        "objective": "multiclass",
        "num_class": species.nunique(),
        "metric": "multi_logloss",
        "boosting": args.boosting,
        "learning_rate": args.learning_rate,
        "num_threads": 1,
        "verbosity": -1,
        "seed": 42,
    }
    with mlflow.start_run():
        model = lightgbm.train(
            parameters, train, ROUNDS, valid_sets=[train, test], valid_names=["train", "test"]
        )
        found = model.predict(test_x)
        accuracy = accuracy_score(test_y, found.argmax(axis=1))
        mlflow.log_metrics({"accuracy": accuracy, "loss": log_loss(test_y, found)})
    print(f"accuracy {accuracy:.3f} with learning rate {args.learning_rate} and {args.boosting}")


if __name__ == "__main__":
    main()
