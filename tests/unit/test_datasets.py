"""Datasets and datastores: what a definition says, what pandas gets, what the registry keeps."""

import json
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overdrive.report import UserErrorException
from overdrive.report.datasets import AzureBlobDatastore
from overdrive.report.datasets import AzureFileDatastore
from overdrive.report.datasets import DataPath
from overdrive.report.datasets import DataReference
from overdrive.report.datasets import Dataset
from overdrive.report.datasets import DatasetConsumptionConfig
from overdrive.report.datasets import Datastore
from overdrive.report.datasets import DataType
from overdrive.report.datasets import FileDataset
from overdrive.report.datasets import OutputFileDatasetConfig
from overdrive.report.datasets import TabularDatasetFactory
from overdrive.report.datasets import reading
from overdrive.report.datasets.steps import chosen
from overdrive.report.workspace import Workspace

PEOPLE = "age,city\n31,Ulm\n45,Bonn\n28,Ulm\n52,Kiel\n"


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


def rows(text: str, folder: Path, **options: Any) -> Any:
    """The data frame of a file with this text."""
    pytest.importorskip("pandas")
    file = folder / "data.csv"
    file.write_bytes(text.encode(options.pop("written", "utf-8")))
    return Dataset.Tabular.from_delimited_files(str(file), **options).to_pandas_dataframe()


#: Cells of a column → its values and type. What Azure's data preparation makes of them.
COLUMNS: list[tuple[list[str], list, str]] = [
    (["Yes", "No", "Yes"], [True, False, True], "bool"),
    (["Y", "N"], [True, False], "bool"),
    (["True", "False"], [True, False], "bool"),
    (["Yes"], [True], "bool"),
    (["yes", "no"], ["yes", "no"], "object"),
    (["y", "n"], ["y", "n"], "object"),
    (["Yes", "no"], ["Yes", "no"], "object"),
    (["Yes", "N"], ["Yes", "N"], "object"),
    (["Yes", "", "No"], [True, None, False], "object"),
    (["1", "-2", "+3"], [1, -2, 3], "int64"),
    (["1", "", "3"], [1.0, None, 3.0], "float64"),
    (["1.5", "2"], [1.5, 2.0], "float64"),
    (["1e3", ".5"], [1000.0, 0.5], "float64"),
    (["NaN", "1"], [None, 1.0], "float64"),
    (["1", "x"], ["1", "x"], "object"),
    (["NA", "1"], ["NA", "1"], "object"),
    (["1_000", "2"], ["1_000", "2"], "object"),
    (["0.1"], [0.1], "float64"),
    (["a", ""], ["a", None], "object"),
    (["2020-02-29", "2021-01-01T10:00:00"], ["2020-02-29 00:00:00", "2021-01-01 10:00:00"], "datetime64[ns]"),
    (["2020-02-30"], ["2020-02-30"], "object"),
    (["31/01/2020", "01/02/2020"], ["2020-01-31 00:00:00", "2020-02-01 00:00:00"], "datetime64[ns]"),
    (["1/31/2020", "2/1/2020"], ["2020-01-31 00:00:00", "2020-02-01 00:00:00"], "datetime64[ns]"),
    (["1/2/2020"], ["1/2/2020"], "object"),
    (["2020-01-01T00:00:00Z"], ["2020-01-01 00:00:00"], "datetime64[ns]"),
]


@pytest.mark.parametrize(("cells", "values", "dtype"), COLUMNS, ids=lambda value: str(value)[:30])
def test_types_of_columns(cells: list[str], values: list, dtype: str, tmp_path: Path) -> None:
    frame = rows("key,value\n" + "".join(f"k,{cell}\n" for cell in cells), tmp_path)
    column = frame["value"]
    assert str(column.dtype) == dtype
    found = [None if value is None or value != value else value for value in column.tolist()]
    assert [str(value) if dtype.startswith("date") else value for value in found] == values


CELLS = st.sampled_from(
    "1|-2|+3|007|1.5|1e3|.5|NaN|inf|x|NA|Yes|No|Y|N|yes|True|False|true|2020-01-02|1_0|9999999999999999999|| 4".split(
        "|"
    )
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_both_ways_of_reading_agree(cells: list[tuple[str, str, str]]) -> None:
    """Numbers read by pandas, and all cells read as text, give the same values and types."""
    pandas = pytest.importorskip("pandas")
    options = {"separator": ",", "header": 3, "encoding": "utf8", "infer": True, "column_types": {}}
    options |= {"empty_as_string": False, "format_is_text": True}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "x.csv")
        file.write_text("key,a,b,c\n" + "".join(f"k,{','.join(row)}\n" for row in cells))
        both = [
            reading._retyped(reading._frames(pandas, [(str(file), "x.csv")], options, as_text)[0], options, pandas)
            for as_text in (True, False)
        ]
    pandas.testing.assert_frame_equal(*both)


def test_a_byte_order_mark_is_stripped(tmp_path: Path) -> None:
    assert list(rows("age\n1\n", tmp_path, written="utf-8-sig").columns) == ["age"]


#: Options of from_delimited_files → what the file `a;b` makes of them.
OPTIONS: list[tuple[str, dict, list[str], list[list]]] = [
    ("a;b\n1;2\n", {"separator": ";"}, ["a", "b"], [[1, 2]]),
    ("1;2\n", {"separator": ";", "header": False}, ["Column1", "Column2"], [[1, 2]]),
    (",b,b\n1,2,3\n", {}, ["Column1", "b", "b_1"], [[1, 2, 3]]),
    ("a\n1\n", {"infer_column_types": False}, ["a"], [["1"]]),
    ("a\n1\n", {"set_column_types": {"a": DataType.to_string()}}, ["a"], [["1"]]),
    ("a\n1\n", {"set_column_types": {"a": DataType.to_float()}}, ["a"], [[1.0]]),
    ("a\nyes\n", {"set_column_types": {"a": DataType.to_bool()}}, ["a"], [[None]]),
    ("a\nx\n1\n", {"set_column_types": {"a": DataType.to_long()}}, ["a"], [[None], [1.0]]),
    ("a;b\n1,5;x\n", {"separator": ";", "set_column_types": {"a": DataType.to_float(",")}}, ["a", "b"], [[1.5, "x"]]),
    ('a,b\n"x\ny",1\n', {"support_multi_line": True}, ["a", "b"], [["x\ny", 1]]),
    ("a,b\nx,\n", {"empty_as_string": True}, ["a", "b"], [["x", ""]]),
    ("a,b\nx\n", {}, ["a", "b"], [["x", None]]),
    ("a\n1\n", {"include_path": True}, ["Path", "a"], [["/data.csv", 1]]),
    ("ä\nö\n", {"encoding": "iso88591", "written": "latin-1"}, ["ä"], [["ö"]]),
    ("", {}, [], []),
]


@pytest.mark.parametrize(("text", "options", "columns", "cells"), OPTIONS, ids=lambda value: str(value)[:40])
def test_options_of_delimited_text(text: str, options: dict, columns: list, cells: list, tmp_path: Path) -> None:
    frame = rows(text, tmp_path, **options)
    assert list(frame.columns) == columns
    found = [[None if cell is None or cell != cell else cell for cell in row] for row in frame.to_numpy().tolist()]
    assert found == cells


def test_several_files_make_one_frame(tmp_path: Path, workspace: Workspace) -> None:
    pytest.importorskip("pandas")
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(f"x\n{number}\n")
    store = workspace.get_default_datastore()
    store.upload(str(tmp_path), "many")
    for path in (
        str(tmp_path / "*.csv"),
        str(tmp_path),
        [str(tmp_path / f"{number}.csv") for number in range(3)],
        (store, "many/*.csv"),
        (store, "many"),
        [(store, "many/0.csv"), (store, "many/1.csv"), (store, "many/2.csv")],
        DataPath(store, "many/*.csv"),
        store.path("many"),
    ):
        frame = TabularDatasetFactory.from_delimited_files(path).to_pandas_dataframe()
        assert frame["x"].tolist() == [0, 1, 2], path


def test_steps(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "people.csv").write_text(PEOPLE)
    people = Dataset.Tabular.from_delimited_files(str(tmp_path / "people.csv"))

    def ages(dataset: Any) -> list[int]:
        return dataset.to_pandas_dataframe()["age"].tolist()

    assert ages(people.take(2)) == [31, 45]
    assert ages(people.skip(1).take(2)) == [45, 28]
    assert ages(people.filter((people["age"] > 30) & ~(people["city"] == "Kiel"))) == [31, 45]
    assert ages(people.filter((people["age"] < 30) | (people["age"] >= 52))) == [28, 52]
    assert list(people.keep_columns("age").to_pandas_dataframe().columns) == ["age"]
    assert list(people.drop_columns(["age"]).to_pandas_dataframe().columns) == ["city"]
    first, rest = people.random_split(0.5, seed=7)
    assert sorted(ages(first) + ages(rest)) == [28, 31, 45, 52]
    assert ages(first) == ages(first)
    assert ages(people.with_timestamp_columns("age")) == ages(people)
    (converted,) = people.take(1).to_csv_files().files()
    assert Path(converted[0]).read_text() == "age,city\n31,Ulm\n"
    with pytest.raises(UserErrorException, match="wages"):
        people.keep_columns("wages").to_pandas_dataframe()
    with pytest.raises(UserErrorException, match="wages"):
        people.filter(people["wages"] > 1).to_pandas_dataframe()


@given(st.integers(0, 200), st.floats(0, 1), st.integers(0, 2**31 - 1))
def test_a_split_is_a_partition(count: int, share: float, seed: int) -> None:
    first = chosen(count, [["split", share, seed, True]])
    rest = chosen(count, [["split", share, seed, False]])
    assert sorted(first + rest) == list(range(count))
    assert first == chosen(count, [["sample", share, seed]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda people: people.take(-1), "count"),
        (lambda people: people.take(1.5), "count"),
        (lambda people: people.skip(True), "count"),
        (lambda people: people.sample(1.5), "probability"),
        (lambda people: people.random_split("half"), "percentage"),
        (lambda people: people.filter("age > 30"), "expression"),
        (lambda people: people.keep_columns([1]), "columns"),
        (lambda people: people.as_named_input("a b"), "name"),
        (lambda people: people.as_named_input("x").as_mount(), "rows"),
        (lambda people: bool(people["age"] > 30), "condition"),
        (lambda people: people.register(Workspace(), ""), "name"),
        (lambda people: people.register("workspace", "x"), "workspace"),
        (lambda people: people.update("x"), "not registered"),
        (lambda people: DatasetConsumptionConfig("x", "data"), "dataset"),
        (lambda people: DatasetConsumptionConfig("x", people, "by post"), "mode"),
        (lambda people: DataReference("store"), "datastore"),
        (lambda people: Dataset.Tabular.from_delimited_files([]), "path"),
        (lambda people: Dataset.Tabular.from_delimited_files(3), "path"),
        (lambda people: Dataset.Tabular.from_delimited_files("ftp://host/x"), "path"),
        (lambda people: Dataset.Tabular.from_delimited_files("/not/there.csv"), "no file at '/not/there.csv'"),
        (lambda people: Dataset.Tabular.from_delimited_files("x", header=9), "header"),
        (lambda people: Dataset.Tabular.from_delimited_files("x", separator=""), "separator"),
        (lambda people: Dataset.Tabular.from_delimited_files("x", set_column_types={"a": "int"}), "set_column_types"),
        (lambda people: Dataset.Tabular.from_sql_query("select"), "database"),
        (lambda people: Dataset.File.from_files("/not/*.csv"), "no file"),
        (lambda people: Dataset.get_by_name(Workspace(), "nothing"), "nothing"),
        (lambda people: Dataset.get_by_id(Workspace(), "../nothing"), "nothing"),
        (lambda people: OutputFileDatasetConfig("made").register_on_complete(""), "name"),
        (lambda people: Datastore(Workspace(), "nothing"), "workspaceblobstore"),
        (lambda people: Datastore(Workspace()).upload("/not/there"), "src_dir"),
        (lambda people: Datastore(Workspace()).upload_files(["/not/there"]), "/not/there"),
        (lambda people: Datastore(Workspace()).path("../../x").to_input(), "path"),
        (lambda people: Datastore.register_azure_blob_container(Workspace(), "", "c", "a"), "datastore_name"),
        (lambda people: Dataset.Tabular.register_pandas_dataframe(None, "x", "n"), "target"),
    ],
)
def test_what_is_refused(call: Callable, words: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    people = Dataset.Tabular.from_delimited_files(str(tmp_path / "people.csv"))
    with pytest.raises(UserErrorException) as caught:
        call(people)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_registered_datasets_have_versions(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    people = Dataset.Tabular.from_delimited_files(str(tmp_path / "people.csv"))
    first = people.register(workspace, "people/of Ulm", description="who", tags={"year": 2020})
    assert (first.name, first.version, first.description, first.tags) == ("people/of Ulm", 1, "who", {"year": "2020"})
    assert people.register(workspace, "people/of Ulm").version == 1  # the same data
    with pytest.raises(UserErrorException, match="create_new_version"):
        people.take(1).register(workspace, "people/of Ulm")
    assert people.take(1).register(workspace, "people/of Ulm", create_new_version=True).version == 2
    assert Dataset.get_by_name(workspace, name="people/of Ulm").version == 2
    assert Dataset.get_by_name(workspace, "people/of Ulm", version=1).id == first.id
    assert Dataset.get_by_id(workspace, first.id).name == "people/of Ulm"
    assert Dataset.get_by_id(workspace, people.skip(1).id).to_definition() == people.skip(1).to_definition()
    assert list(workspace.datasets) == list(workspace.datasets.keys()) == ["people/of Ulm"]
    assert workspace.datasets["people/of Ulm"].version == 2
    assert "nobody" not in workspace.datasets
    first.add_tags({"seen": True})
    assert Dataset.get_by_name(workspace, "people/of Ulm", 1).tags == {"year": "2020", "seen": "True"}
    files = [path for path in (Path(workspace.path) / "registry").rglob("*") if not path.is_symlink()]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in files), "for the owner only"
    first.unregister_all_versions()
    assert not len(workspace.datasets)


def test_a_data_frame_is_registered(tmp_path: Path, workspace: Workspace) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"x": [1, 2], "y": ["a", None], "z": [True, False]})
    made = Dataset.Tabular.register_pandas_dataframe(frame, workspace.get_default_datastore(), "frame")
    found = Dataset.get_by_name(workspace, "frame").to_pandas_dataframe()
    assert (made.version, list(found.columns), found["x"].tolist()) == (1, ["x", "y", "z"], [1, 2])
    assert str(found["y"].dtype) == "object" and found["y"].tolist() == ["a", None]
    target = (workspace.get_default_datastore(), "below")
    assert Dataset.Tabular.register_pandas_dataframe(frame, target, "frame").version == 2


def test_json_lines(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    (tmp_path / "x.jsonl").write_text('{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n')
    frame = Dataset.Tabular.from_json_lines_files(str(tmp_path / "x.jsonl")).to_pandas_dataframe()
    assert frame["a"].tolist() == [1, 2] and frame["b"].tolist() == ["x", "y"]
    (tmp_path / "x.jsonl").write_text("{")
    with pytest.raises(UserErrorException, match="json_lines"):
        Dataset.Tabular.from_json_lines_files(str(tmp_path / "x.jsonl")).to_pandas_dataframe()


def test_files(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text("a")
    (tmp_path / "in" / "deep" / "b.txt").write_text("b")
    files = Dataset.File.from_files(str(tmp_path / "in"))
    assert files.to_path() == ["/a.txt", "/deep/b.txt"]
    assert files.folder() == str(tmp_path / "in")
    assert files.take(1).to_path() == ["/a.txt"] and files.take(1).folder() is None
    copies = files.download(str(tmp_path / "out"))
    assert [Path(copy).read_text() for copy in copies] == ["a", "b"]
    with pytest.raises(UserErrorException, match="overwrite"):
        files.download(str(tmp_path / "out"))
    assert len(files.download(str(tmp_path / "out"), overwrite=True)) == 2
    with files.mount() as mounted:
        assert (Path(mounted.mount_point) / "deep" / "b.txt").read_text() == "b"
    assert not os.path.exists(mounted.mount_point)
    context = files.mount(str(tmp_path / "mount"))
    context.start()
    assert sorted(os.listdir(tmp_path / "mount")) == ["a.txt", "deep"]
    context.stop()
    assert not (tmp_path / "mount" / "a.txt").exists()
    globbed = Dataset.File.from_files(str(tmp_path / "in" / "**" / "*.txt"))
    assert globbed.to_path() == ["/a.txt", "/deep/b.txt"]


def test_datastores(tmp_path: Path, workspace: Workspace) -> None:
    store = Datastore.get_default(workspace)
    assert (store.name, store.datastore_type) == ("workspaceblobstore", "AzureBlob")
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.txt", "deep/b.txt"):
        (tmp_path / "in" / name).write_text(name)
    assert str(store.upload(str(tmp_path / "in"), "up")) == "$AZUREML_DATAREFERENCE_workspaceblobstore_up"
    (tmp_path / "in" / "a.txt").write_text("changed")
    store.upload(str(tmp_path / "in"), "up")
    assert Path(store.local_path("up/a.txt")).read_text() == "a.txt"
    store.upload(str(tmp_path / "in"), "up", overwrite=True)
    assert Path(store.local_path("up/a.txt")).read_text() == "changed"
    store.upload_files([str(tmp_path / "in" / "deep" / "b.txt")], target_path="flat")
    assert store.download(str(tmp_path / "out"), prefix="up") == 2
    assert (tmp_path / "out" / "up" / "deep" / "b.txt").is_file()
    other = Datastore.register_azure_blob_container(workspace, "open", "data", "account", account_key="secret")
    assert (other.account_name, other.container_name) == ("account", "data")
    other.set_as_default()
    assert workspace.get_default_datastore().name == "open"
    workspace.set_default_datastore("workspaceblobstore")
    assert {"open", "workspaceblobstore"} <= set(workspace.datastores)
    assert "secret" not in (Path(workspace.path) / "registry" / "datastores" / "open.json").read_text()
    with pytest.raises(UserErrorException, match=r"--map 'https://account\.blob\.core\.windows\.net/data/x\.csv=FILE'"):
        Dataset.Tabular.from_delimited_files((other, "x.csv"))
    other.unregister()
    assert "open" not in workspace.datastores


def test_inputs_of_a_run(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    people = Dataset.Tabular.from_delimited_files(str(tmp_path / "people.csv"))
    files = Dataset.File.from_files(str(tmp_path / "people.csv"), is_file=True)
    named = people.as_named_input("people")
    assert (named.name, named.mode, named.placeholder) == ("people", "direct", "DatasetConsumptionConfig:people")
    said = named.to_input()
    assert (said["kind"], said["id"]) == ("tabular", people.id)
    assert json.loads(json.dumps(said)) == said
    assert files.as_named_input("f").as_mount().mode == files.as_hdfs().mode == "mount"
    assert files.as_download().mode == files.as_named_input("f").as_download("/here").mode == "download"
    assert isinstance(files.as_named_input("f").dataset, FileDataset)
    reference = workspace.get_default_datastore().path("a/b").as_mount()
    assert reference.to_input() == {
        "kind": "path",
        "mode": "mount",
        "placeholder": "$AZUREML_DATAREFERENCE_workspaceblobstore_a_b",
        "path": workspace.get_default_datastore().local_path("a/b"),
    }
    assert reference.path("c").path_on_datastore == "a/b/c"
    output = OutputFileDatasetConfig("made", destination=(workspace.get_default_datastore(), "out/{run-id}"))
    assert output.as_mount().to_input()["path"].endswith("workspaceblobstore/out/{run-id}")
    assert OutputFileDatasetConfig("made").to_input()["path"].endswith("dataset/{run-id}/{output-name}")


def test_a_datastore_is_of_the_class_that_it_was_registered_as(workspace: Path) -> None:
    shared = Datastore.register_azure_file_share(workspace, "shared", "share", "account")
    assert isinstance(shared, AzureFileDatastore)
    assert isinstance(Datastore(workspace), AzureBlobDatastore)
    assert isinstance(AzureFileDatastore(workspace, "shared"), AzureFileDatastore)
    assert type(Datastore.get(workspace, "workspacefilestore")) is AzureFileDatastore
    assert shared.path("x").datastore is shared
