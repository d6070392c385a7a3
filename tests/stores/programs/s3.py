"""Reads from and writes to a bucket with datastores, datasets and a job; asserts what it finds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import s3fs

from ml_jupyter.core import Dataset, Datastore, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.data import OutputFileDatasetConfig
from ml_jupyter.exceptions import DataUnavailable, UserErrorException

TRAIN = """
import sys
from pathlib import Path

read, written = map(Path, sys.argv[1:])
rows = [line for file in sorted(read.glob("*.csv")) for line in file.read_text().split()[1:]]
(written / "rows.txt").write_text(" ".join(rows))
"""

bucket = s3fs.S3FileSystem()
bucket.mkdir("shop")
bucket.pipe("shop/in/a.csv", b"x,y\n1,2\n3,4\n")
bucket.pipe("shop/in/b.csv", b"x,y\n5,6\n")
bucket.pipe("shop/in/deep/c.csv", b"x,y\n7,8\n")

workspace = Workspace.create(name="lab")
store = Datastore.register_url(workspace, "shop", "s3://shop")

files = Dataset.File.from_files((store, "in/*.csv"))
assert files.to_path() == ["/a.csv", "/b.csv"]
assert Path(files.download("copy")[0]).read_bytes() == b"x,y\n1,2\n3,4\n"
assert Dataset.File.from_files((store, "in/**/*.csv")).to_path()[-1] == "/deep/c.csv"

table = Dataset.Tabular.from_delimited_files((store, "in/*.csv"))
assert table.to_pandas_dataframe()["y"].tolist() == [2, 4, 6]
bucket.pipe("shop/in/b.csv", b"x,y\n9,9\n")  # the same size, another content
assert table.to_pandas_dataframe()["y"].tolist() == [2, 4, 9]

Path("note.txt").write_text("for the shop")
store.upload_files(["note.txt"], ".", "notes", show_progress=False)
assert bucket.cat("shop/notes/note.txt") == b"for the shop"
assert store.download("back", prefix="notes") == 1

Path("src").mkdir()
Path("src/train.py").write_text(TRAIN)
read = files.as_named_input("table").as_mount()
written = OutputFileDatasetConfig("made")
config = ScriptRunConfig("src", "train.py", arguments=[read, written])
run = Experiment(workspace, "buckets").submit(config)
run.wait_for_completion(raise_on_error=True)
made = workspace.get_default_datastore()
assert made.download("made", prefix=f"dataset/{run.id}") == 1
assert next(Path("made").rglob("rows.txt")).read_text() == "1,2 3,4 9,9"

for absent in ("s3://absent/x.csv", "s3://shop/in/absent.csv"):
    with pytest.raises((DataUnavailable, UserErrorException), match=re.escape(absent)):
        Dataset.File.from_files(absent).download("nowhere")

secrets = [
    path
    for path in Path(workspace._folder.layout.root).rglob("*")
    if path.is_file() and b"a-secret-of-the-reader" in path.read_bytes()
]
assert not secrets, secrets
sys.stdout.write("all of it\n")
