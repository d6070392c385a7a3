"""Scales the columns of a table and writes it, one Parquet file."""

import argparse
from pathlib import Path

from ml_jupyter import Run

parser = argparse.ArgumentParser()
parser.add_argument("--wine", help="folder of the table's files")
parser.add_argument("--out", type=Path)
out = parser.parse_args().out

run = Run.get_context()
frame = run.input_datasets["wine"].to_pandas_dataframe()
columns = frame.columns.drop("cultivar")
frame[columns] = (frame[columns] - frame[columns].mean()) / frame[columns].std()
frame.to_parquet(out / "scaled.parquet", index=False)
run.log("rows", len(frame))
