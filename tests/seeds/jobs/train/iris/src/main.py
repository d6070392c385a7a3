"""Log a loss that depends on the rate, and write to the two folders that are kept."""

import argparse
import os

from ml_jupyter import Run

parser = argparse.ArgumentParser()
parser.add_argument("--iris-csv")
parser.add_argument("--rate", type=float)
given = parser.parse_args()
with open(given.iris_csv) as table:
    print("rows", len(table.read().splitlines()), "beside", sorted(os.listdir(".")))
Run.get_context().log("loss", (given.rate - 0.3) ** 2)
os.makedirs("outputs/model")
with open("outputs/model/model.txt", "w") as file:
    file.write(str(given.rate))
with open("logs/steps.txt", "w") as file:
    file.write("step 1")
