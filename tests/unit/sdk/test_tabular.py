"""Tables as notebooks use them: read, filtered, stored with steps, given to a real job."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_jupyter import Dataset, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.data import DataType, TabularDataset
from ml_jupyter.data.dataset_type_definitions import PromoteHeadersBehavior
from ml_jupyter.datasets.tables import formats
from ml_jupyter.exceptions import DataMismatch, DataUnavailable, UserErrorException

PEOPLE = (
    "name,age,zip,born\nAda,36,01067,1815-12-10\nAlan,41,,1912-06-23\nGrace,85,10001,1906-12-09\n"
)
CSV = Dataset.Tabular.from_delimited_files


@pytest.fixture
def people(here: Path) -> TabularDataset:
    (here / "people.csv").write_text(PEOPLE, "utf-8")
    return CSV("people.csv", set_column_types={"zip": DataType.to_string()})


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows at a time, so that small files have several chunks."""
    monkeypatch.setattr(formats, "CHUNK", 2)


def rows(table: TabularDataset, **options: Any) -> list[dict[str, Any]]:
    return json.loads(
        table.to_pandas_dataframe(**options).to_json(orient="records", date_format="iso")
    )


def test_types_are_found_or_as_asked_for(people: TabularDataset) -> None:
    frame = people.to_pandas_dataframe()
    assert list(frame["age"]) == [36, 41, 85]
    assert frame["age"].dtype == "int64"
    assert frame["zip"][0] == "01067"
    assert frame["zip"].isna().tolist() == [False, True, False]
    assert frame["born"][2] == pd.Timestamp(1906, 12, 9)


def test_texts_only(people: TabularDataset) -> None:
    frame = CSV("people.csv", infer_column_types=False).to_pandas_dataframe()
    assert list(frame["age"]) == ["36", "41", "85"]


@pytest.mark.usefixtures("small_chunks")
def test_a_text_late_in_a_column_makes_all_of_it_text(here: Path) -> None:
    (here / "late.csv").write_text("a,b\n1,1\n2,2\n3,3\n04,1.5\nfive,\n6,4\n", "utf-8")
    frame = CSV("late.csv").to_pandas_dataframe()
    assert list(frame["a"]) == ["1", "2", "3", "04", "five", "6"]
    assert frame["b"].dropna().tolist() == [1, 2, 3, 1.5, 4]
    assert [len(part) for part in CSV("late.csv").iter_dataframes()] == [2, 2, 2]
    assert all(part["b"].dtype == "float64" for part in CSV("late.csv").iter_dataframes())


@pytest.mark.usefixtures("small_chunks")
def test_steps_one_after_the_other(here: Path) -> None:
    (here / "n.csv").write_text("n,sq\n" + "".join(f"{n},{n * n}\n" for n in range(10)), "utf-8")
    table = CSV("n.csv")
    assert [row["n"] for row in rows(table.skip(3).take(4).skip(1))] == [4, 5, 6]
    odd = table.filter((table["n"] > 2) & ~table["n"].isin([4, 6, 8]) & (table["sq"] <= 50))
    assert rows(odd.keep_columns("n")) == [{"n": 3}, {"n": 5}, {"n": 7}]
    assert rows(table[["sq"]].take(1)) == [{"sq": 0}]
    assert list(table.drop_columns(["sq"]).to_pandas_dataframe().columns) == ["n"]
    left, right = table.random_split(0.5, seed=7)
    both = sorted(row["n"] for part in (left, right) for row in rows(part))
    assert both == list(range(10))
    assert rows(left) == rows(table.take_sample(0.5, seed=7)) != rows(right)
    assert rows(table.take(0)) == []


def test_take_reads_no_further_than_it_must(here: Path) -> None:
    (here / "1.csv").write_text("a\n1\n2\n", "utf-8")
    (here / "2.csv").write_text('a\n"never closed\n', "utf-8")
    table = CSV(["1.csv", "2.csv"], validate=False)
    assert rows(table.take(2)) == [{"a": 1}, {"a": 2}]
    with pytest.raises(DataMismatch, match=r"2\.csv cannot be read"):
        table.to_pandas_dataframe()


def test_conditions_on_texts_and_nulls(people: TabularDataset) -> None:
    named = people.filter(people["name"].startswith("A") | people["name"].contains("rac"))
    assert len(rows(named)) == 3
    assert [row["name"] for row in rows(people.filter(people["zip"].is_null()))] == ["Alan"]
    early = people.filter(people["born"] < datetime.datetime(1900, 1, 1))
    assert [row["name"] for row in rows(early)] == ["Ada"]
    with pytest.raises(DataMismatch, match=r"name > 3"):
        people.filter(people["name"] > 3).to_pandas_dataframe()
    with pytest.raises(DataMismatch, match="no column 'heigth'") as caught:
        people.filter(people["heigth"] > 3).to_pandas_dataframe()
    assert "'age'" in str(caught.value.hint)
    with pytest.raises(UserErrorException, match="&"):
        people.filter(people["age"] > 3 and people["age"] < 5)
    with pytest.raises(UserErrorException, match="no condition"):
        people.filter("age > 3")  # type: ignore[arg-type]


def test_times(people: TabularDataset) -> None:
    times = people.with_timestamp_columns("born", validate=True)
    assert times.timestamp_columns == ("born", None)
    middle = datetime.datetime(1906, 12, 9)
    assert len(rows(times.time_before(middle))) == 2
    assert len(rows(times.time_before(middle, include_boundary=False))) == 1
    assert len(rows(times.time_after(middle))) == 2
    utc = datetime.timezone.utc
    between = times.time_between(datetime.datetime(1800, 1, 1, tzinfo=utc), middle)
    assert len(rows(between)) == 2
    assert rows(times.time_recent(datetime.timedelta(days=365))) == []
    with pytest.raises(UserErrorException, match="with_timestamp_columns"):
        people.time_before(middle)
    with pytest.raises(DataMismatch, match="'when'"):
        people.with_timestamp_columns("when", validate=True)


def test_values_in_paths(here: Path) -> None:
    for country, day, count in (
        ("de", "2024/01/31", 1),
        ("de", "2024/02/01", 2),
        ("fr", "2024/02/01", 3),
    ):
        folder = here / "sales" / country / day
        folder.mkdir(parents=True)
        (folder / "data.csv").write_text(f"n\n{count}\n", "utf-8")
    form = "/{country}/{day:yyyy/MM/dd}/data.csv"
    table = CSV("sales/**/*.csv", partition_format=form, include_path=True)
    assert table.partition_keys == ["country", "day"]
    assert list(table.to_pandas_dataframe().columns) == ["Path", "country", "day", "n"]
    february = table.with_timestamp_columns(partition_timestamp="day")
    found = rows(february.time_after(datetime.datetime(2024, 2, 1)).keep_columns(["country", "n"]))
    assert found == [{"country": "de", "n": 2}, {"country": "fr", "n": 3}]
    assert table.get_partition_key_values(["country"]) == [{"country": "de"}, {"country": "fr"}]
    files = Dataset.File.from_files("sales/**/*.csv", partition_format=form)
    assert files.filter(files["country"] == "fr").to_path() == ["/fr/2024/02/01/data.csv"]
    assert len(files.filter(files.file_metadata("Size") > 100).to_path()) == 0
    with pytest.raises(DataMismatch, match="partition_format"):
        CSV("sales", partition_format="/{a}/none.csv")
    with pytest.raises(UserErrorException, match="year"):
        CSV("sales", partition_format="/{a:MM}/data.csv")


@pytest.mark.parametrize(
    ("header", "second", "expected"),
    [
        (True, "a,b\n3,4\n", [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        (
            PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS,
            "3,4\n",
            [{"a": 1, "b": 2}, {"a": 3, "b": 4}],
        ),
        (
            PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS,
            "b,c\n3,4\n",
            [{"a": 1, "b": 2, "c": None}, {"a": None, "b": 3, "c": 4}],
        ),
    ],
)
def test_names_of_columns(here: Path, header: Any, second: str, expected: Any) -> None:
    (here / "1.csv").write_text("a,b\n1,2\n", "utf-8")
    (here / "2.csv").write_text(second, "utf-8")
    assert rows(CSV(["1.csv", "2.csv"], header=header)) == expected


def test_files_that_do_not_fit(here: Path) -> None:
    (here / "1.csv").write_text("a,b\n1,2\n", "utf-8")
    (here / "2.csv").write_text("a,c\n1,2\n", "utf-8")
    (here / "3.csv").write_text("a,b\n1,2,3\n", "utf-8")
    (here / "4.csv").write_text("a,b\n1,2\n1,2,3\n", "utf-8")
    assert rows(CSV("1.csv", header=False))[0] == {"Column1": "a", "Column2": "b"}
    with pytest.raises(DataMismatch, match=r"2\.csv has other columns.*'b'"):
        CSV(["1.csv", "2.csv"]).to_pandas_dataframe()
    with pytest.raises(DataMismatch, match=r"3\.csv: a row has more fields"):
        CSV("3.csv")
    with pytest.raises(DataMismatch, match=r"4\.csv.*line 3"):
        CSV("4.csv", validate=False).to_pandas_dataframe()
    (here / "1.csv").unlink()
    with pytest.raises((DataUnavailable, UserErrorException), match=r"1\.csv"):
        CSV("1.csv")


def test_types_that_do_not_fit_are_null_or_errors(here: Path) -> None:
    text = "n;price;yes;day\n1;1.234,5;ja;31.12.2024\nx;2;nein;gestern\n"
    (here / "t.csv").write_text(text, "latin-1")
    table = CSV(
        "t.csv",
        separator=";",
        encoding="latin-1",
        set_column_types={
            "n": DataType.to_long(),
            "price": DataType.to_float(","),
            "yes": DataType.to_bool(["ja"], ["nein"]),
            "day": DataType.to_datetime("%d.%m.%Y"),
        },
    )
    frame = table.to_pandas_dataframe()
    assert frame["n"].isna().tolist() == [False, True]
    assert list(frame["price"]) == [1234.5, 2.0]
    assert list(frame["yes"]) == [True, False]
    assert frame["day"][0] == pd.Timestamp(2024, 12, 31)
    with pytest.raises(DataMismatch, match="'n': 'x' is no long"):
        table.to_pandas_dataframe(on_error="fail")
    with pytest.raises(UserErrorException, match="on_error"):
        table.to_pandas_dataframe(on_error="raise")
    with pytest.raises(UserErrorException, match=r"DataType\.to_string"):
        CSV("t.csv", set_column_types={"n": "long"})  # type: ignore[dict-item]


@pytest.mark.usefixtures("small_chunks")
def test_lines_of_json(here: Path) -> None:
    (here / "t.jsonl").write_text('{"a": 1}\n\n{"a": 2, "b": "x"}\nbroken\n{"a": 3}\n', "utf-8")
    read = Dataset.Tabular.from_json_lines_files
    assert [row["a"] for row in rows(read("t.jsonl", invalid_lines="drop"))] == [1, 2, 3]
    with pytest.raises(DataMismatch, match="line 4"):
        read("t.jsonl").to_pandas_dataframe()


@pytest.mark.usefixtures("small_chunks")
def test_parquet_there_and_back(workspace: Workspace, people: TabularDataset) -> None:
    store = workspace.get_default_datastore()
    frame = people.to_pandas_dataframe()
    kept = Dataset.Tabular.register_pandas_dataframe(frame, (store, "people"), "people")
    again = Dataset.Tabular.register_pandas_dataframe(frame[:1], (store, "people"), "people")
    assert (kept.version, again.version) == (1, 2)
    first = Dataset.get_by_name(workspace, "people", version=1)
    assert rows(first) == rows(people)
    assert rows(first.keep_columns(["age"]).take(1)) == [{"age": 36}]
    with pytest.raises(DataMismatch, match="'weight'"):
        first.keep_columns(["weight"], validate=True)
    files = first.to_parquet_files()
    assert files.to_path() == ["/part-00000.parquet", "/part-00001.parquet"]
    parts = first.partition_by(["name"], (store, "by-name"), name="by-name")
    assert parts.partition_keys == ["name"]
    ada = parts.filter(parts["name"] == "Ada").to_pandas_dataframe()
    assert list(ada["age"]) == [36]


def test_steps_are_stored_with_the_dataset(workspace: Workspace, people: TabularDataset) -> None:
    old = people.filter(people["age"] >= 41).keep_columns(["name"]).random_split(0.5)[0]
    kept = old.register(workspace, "old", tags={"a": "b"})
    found = Dataset.get_by_name(workspace, "old")
    assert isinstance(found, TabularDataset)
    assert rows(found) == rows(old) == rows(kept)
    assert Dataset.get_by_id(workspace, str(kept.id)).tags == {"a": "b"}
    assert old.register(workspace, "old").version == 1
    with pytest.raises(UserErrorException, match="create_new_version"):
        people.register(workspace, "old")


READS = """
import sys
from ml_jupyter import Dataset, Run
run = Run.get_context()
table = run.input_datasets["people"]
frame = table.to_pandas_dataframe()
run.log("rows", len(frame))
run.log("age", float(frame["age"].sum()))
by_argument = Dataset.get_by_id(run.experiment.workspace, id=sys.argv[1])
assert by_argument.to_pandas_dataframe().equals(frame)
assert (table.name, table.version) == ("people", 1), table
assert table.take(1).to_pandas_dataframe()["name"][0] == "Alan"
assert list(frame["country"].unique()) == ["de"]
"""


@pytest.mark.parametrize("way", ["direct", "as_mount", "as_download"])
def test_a_real_job_reads_a_table(experiment: Experiment, here: Path, way: str) -> None:
    (here / "data" / "de").mkdir(parents=True)
    (here / "data" / "de" / "people.csv").write_text(PEOPLE, "utf-8")
    (here / "source").mkdir()
    (here / "source" / "read.py").write_text(READS, "utf-8")
    table = CSV("data/*/people.csv", partition_format="/{country}/people.csv")
    table = table.filter(table["age"] > 40).register(experiment.workspace, "people")
    given = table.as_named_input("people")
    given = given if way == "direct" else getattr(given, way)()
    run = experiment.submit(ScriptRunConfig("source", "read.py", [given]))
    run.wait_for_completion()
    assert run.get_metrics() == {"rows": 2, "age": 126.0}
    (read,) = run.get_details()["inputDatasets"]
    assert read["dataset"] == {"name": "people", "version": "1"}
