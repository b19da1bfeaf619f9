"""Which file stands for a URL, and where that is written down."""

import functools
import json
import threading
from collections.abc import Iterator
from http import server as http_server
from pathlib import Path

import pytest

from overdrive.cli.url_maps import remember
from overdrive.errors import SpecError
from overdrive.report import UserErrorException
from overdrive.report.datasets.fetch import fetch
from overdrive.report.url_map import current_map
from overdrive.report.url_map import local_file
from overdrive.report.url_map import read_map


@pytest.fixture
def http(tmp_path: Path) -> Iterator[str]:
    """The address of a server on this machine whose files are in `served`."""
    (tmp_path / "served").mkdir()

    class Quiet(http_server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = http_server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path / "served"))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


URL = "https://host.invalid/data/a%20b.csv"


def test_a_map_file_is_seen_from_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "overdrive-map.json"
    assert read_map(str(file)) == {}
    file.write_text(json.dumps({URL: "below/x.csv", "https://other.invalid": "/elsewhere"}), encoding="utf-8-sig")
    assert read_map(str(file)) == {URL: str(tmp_path / "below/x.csv"), "https://other.invalid": "/elsewhere"}
    for text in ("{", "[]", '{"a": 1}'):
        file.write_text(text)
        with pytest.raises(UserErrorException, match="overdrive-map"):
            read_map(str(file))


def test_a_url_leads_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    known = {
        URL: "/exact",
        "https://host.invalid/q?a=1": "/query",
        "https://host.invalid": str(tmp_path / "folder"),
        "https://host.invalid/file": "/a/file",
        "wasbs://data@account.invalid/x.csv": "/stored",
        "azureml:rows@latest": "/asset",
    }
    for url, path in {
        URL: "/exact",
        f"{URL}?sig=secret": "/exact",
        f"{URL}#top": "/exact",
        "https://host.invalid/q?a=1": "/query",
        "https://host.invalid/x/y%20z.csv?sig=1": str(tmp_path / "folder" / "x" / "y z.csv"),
        "https://host.invalid/../%2e%2e/x": str(tmp_path / "folder" / "x"),
        "https://host.invalid/file/below": str(tmp_path / "folder" / "file" / "below"),
        "https://elsewhere.invalid/x": None,
        "https://host.invalid.other/x": None,
        "wasbs://data@account.invalid/x.csv": "/stored",
        "abfss://data@account.invalid/x.csv": "/stored",
        "https://account.invalid/data/x.csv": "/stored",
        "azureml:rows@latest": "/asset",
    }.items():
        assert local_file(url, known) == path, url


def test_in_a_trial_its_own_map_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "overdrive-map.json").write_text(json.dumps({URL: "beside", "https://b.invalid/x": "beside"}))
    (tmp_path / "named.json").write_text(json.dumps({URL: "named"}))
    monkeypatch.setenv("OVERDRIVE_URL_MAP", str(tmp_path / "named.json"))
    assert current_map() == {URL: str(tmp_path / "named"), "https://b.invalid/x": str(tmp_path / "beside")}
    (tmp_path / "trial.json").write_text(json.dumps({"url_map": {URL: "/of/the/trial"}}))
    monkeypatch.setenv("OVERDRIVE_TRIAL", str(tmp_path / "trial.json"))
    assert current_map() == {URL: "/of/the/trial"}


def test_the_command_line_keeps_the_map_beside_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("x\n1\n")
    (tmp_path / "script").mkdir()
    path = remember([], tmp_path / "script")
    assert not path.exists()
    remember([f"{URL}?a=b=data.csv"], tmp_path / "script")
    remember([f"{URL}={tmp_path}"], tmp_path)
    assert json.loads(path.read_text()) == {f"{URL}?a=b": str(tmp_path / "data.csv")}
    remember(["https://c.invalid/=script", "wasbs://data@c.invalid/x=data.csv"], tmp_path)
    assert json.loads((tmp_path / "overdrive-map.json").read_text()) == {
        URL: str(tmp_path),
        "https://c.invalid/": "script",
        "wasbs://data@c.invalid/x": "data.csv",
    }


@pytest.mark.parametrize("pair", ["data.csv", "ftp://host/x=data.csv", f"{URL}=", f"{URL}=missing.csv"])
def test_a_map_that_is_none_is_refused(pair: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.csv").write_text("x\n1\n")
    with pytest.raises(SpecError, match="--map"):
        remember([pair], tmp_path)
    assert not (tmp_path / "overdrive-map.json").exists()


def test_a_damaged_map_is_said(tmp_path: Path) -> None:
    (tmp_path / "overdrive-map.json").write_text("{")
    with pytest.raises(SpecError, match="overdrive-map"):
        remember([], tmp_path)


def test_a_url_is_fetched_once(tmp_path: Path, http: str) -> None:
    (tmp_path / "served" / "x.csv").write_text("a\n1\n")
    file = fetch(f"{http}/x.csv", str(tmp_path / "space"))
    assert Path(file).name == "x.csv" and Path(file).read_text() == "a\n1\n"
    (tmp_path / "served" / "x.csv").unlink()
    assert fetch(f"{http}/x.csv", str(tmp_path / "space")) == file
    with pytest.raises(UserErrorException, match=r"404.*--map"):
        fetch(f"{http}/y.csv", str(tmp_path / "space"))
    assert not list((tmp_path / "space").rglob("*.part"))


def test_what_stands_for_a_url_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "overdrive-map.json").write_text(json.dumps({URL: "x.csv"}))
    with pytest.raises(UserErrorException, match="is not there"):
        fetch(URL, str(tmp_path))
    (tmp_path / "x.csv").write_text("x")
    assert fetch(URL, str(tmp_path)) == str(tmp_path / "x.csv")
